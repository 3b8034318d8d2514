"""Takes the native libraries and the C headers out of a TensorFlow wheel: unpack-wheel.py WHEEL DESTINATION

A wheel is a zip archive; Python is what is certain to be there wherever pip is. Every file's checksum is verified by zipfile.
"""
import os
import re
import shutil
import sys
import zipfile

WANTED = re.compile(
    r"tensorflow/(libtensorflow_cc\.so\.2|libtensorflow_framework\.so\.2|THIRD_PARTY_NOTICES\.txt"
    r"|include/tensorflow/c/.*|include/(tsl|xla/tsl)/.*|include/tensorflow/core/platform/[^/]*\.h)"
)

wheel, destination = sys.argv[1:3]
with zipfile.ZipFile(wheel) as archive:
    members = [m for m in archive.infolist() if WANTED.fullmatch(m.filename) and not m.is_dir()]
    if not members:
        sys.exit("the wheel holds none of the expected files")
    for member in members:
        target = os.path.join(destination, *member.filename.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(member) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
