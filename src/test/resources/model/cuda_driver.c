/*
 * A libcuda.so.1 for machines without a GPU: it tells of GPUs as the environment says, and does nothing else.
 *
 *     gcc -shared -fPIC -Wl,-soname,libcuda.so.1 -o libcuda.so.1 cuda_driver.c
 *
 * FAKE_CUDA     the newest CUDA that it knows, 1000 x major + 10 x minor (12040)
 * FAKE_INIT     what cuInit returns (0, success; 100, no device; 999, unknown error)
 * FAKE_GPUS     how many GPUs there are (1)
 */
#include <stdlib.h>
#include <string.h>

static int setting(const char *name, int otherwise) {
    const char *value = getenv(name);
    return value ? atoi(value) : otherwise;
}

int cuDriverGetVersion(int *version) {
    *version = setting("FAKE_CUDA", 12040);
    return 0;
}

int cuInit(unsigned flags) {
    return setting("FAKE_INIT", 0);
}

int cuDeviceGetCount(int *count) {
    *count = setting("FAKE_GPUS", 1);
    return 0;
}

int cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return 0;
}

int cuDeviceGetName(char *name, int length, int device) {
    strncpy(name, "NVIDIA Fake", length);
    return 0;
}

int cuGetErrorName(int result, const char **name) {
    *name = "CUDA_ERROR_UNKNOWN";
    return 0;
}

/* What libtorch's libraries are linked to. */
#define FAILS(name) \
    int name(void) { return 999; }
FAILS(cuCtxGetCurrent)
FAILS(cuCtxSetCurrent)
FAILS(cuDevicePrimaryCtxGetState)
FAILS(cuDevicePrimaryCtxRetain)
FAILS(cuFuncGetAttribute)
FAILS(cuFuncSetAttribute)
FAILS(cuGetErrorString)
FAILS(cuLaunchCooperativeKernel)
FAILS(cuLaunchKernel)
FAILS(cuLinkAddData_v2)
FAILS(cuLinkComplete)
FAILS(cuLinkCreate_v2)
FAILS(cuModuleGetFunction)
FAILS(cuModuleLoadData)
FAILS(cuModuleLoadDataEx)
FAILS(cuModuleUnload)
FAILS(cuOccupancyMaxActiveBlocksPerMultiprocessor)
FAILS(cuTensorMapEncodeTiled)
