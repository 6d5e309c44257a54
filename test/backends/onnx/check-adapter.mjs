// What the published check.mjs asks of an implementation, answered by the product's own modules:
//   node check.mjs test/fixtures/onnx test/backends/onnx/check-adapter.mjs
export { draw, encode, forward, randn, schedule, trajectory, uint32s } from "./adapter.ts";
