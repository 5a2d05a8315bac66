package io.framecast.train;

import java.util.List;

/**
 * What a validation found.
 *
 * @param step how many steps were done
 * @param trainingLoss the mean of the steps since the validation before
 * @param validationLoss the same measure on validation windows; NaN without any
 * @param skill the mean over validation clips of 1 - MSE / MSE(persistence); NaN without any
 * @param psnr of each forecast step, in dB, the mean over validation windows; empty without any
 */
record Review(int step, double trainingLoss, double validationLoss, double skill, List<Double> psnr) {
    Review {
        psnr = List.copyOf(psnr);
    }
}
