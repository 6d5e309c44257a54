"""Starts ComfyUI where torch and torchvision were built apart: python start.py path/to/main.py [what main.py takes].

A torchvision from a package index is built for graphics cards and does not load its operators into a torch for processors; ComfyUI
uses none of them, but torchvision cannot be imported without the names of two.
"""

import os
import runpy
import sys

import torch

try:
    import torchvision
except RuntimeError:
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision  # noqa: F401

main = sys.argv[1]
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(os.path.abspath(main)))
runpy.run_path(main, run_name="__main__")
