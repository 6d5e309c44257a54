/** The backend's, in errors and in a style's `lora`. */
export const NAME = "onnx";
