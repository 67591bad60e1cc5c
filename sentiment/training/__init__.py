"""Makes the shipped sentiment model from registry packages and a folder of labelled texts.

Nothing here runs in the product: it needs the `training` extra (torch, onnx, safetensors).
`python -m sentiment.training --help` tells the steps.
"""
