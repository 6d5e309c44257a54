import { expect, it } from "vitest";
import { failureOf } from "../../../src/backends/comfyui/errors.ts";
import { isOutOfMemory } from "../../../src/backends/shared/memory-words.ts";
import { explain } from "../../../src/backends/webui/errors.ts";
import { CLOSED, failed } from "../../../src/jobs/router/circuit-breaker.ts";
import type { BackendError } from "../../../src/ports/backend.ts";

const WORDS: readonly (readonly [type: string, message: string])[] = [
  ["torch.OutOfMemoryError", "Allocation on device "],
  ["RuntimeError", "Allocation on device "],
  ["torch.cuda.OutOfMemoryError", "CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 8.00 GiB total)"],
  ["OutOfMemoryError", "HIP out of memory. Tried to allocate 512.00 MiB"],
  ["RuntimeError", "CUDA error: out of memory"],
  ["RuntimeError", "MPS backend out of memory (MPS allocated: 17.9 GB, other allocations: 1.2 GB)"],
  [
    "RuntimeError",
    "[enforce fail at alloc_cpu.cpp:114] data. DefaultCPUAllocator: not enough memory: you tried to allocate 4294967296 bytes.",
  ],
  ["RuntimeError", "Allocation on device 0 would exceed allowed memory. (out of memory)"],
  ["RuntimeError", "Not enough memory, use lower resolution (max approx. 640x640)"],
  ["torch.AcceleratorError", "CUDA error: out of memory"],
  ["RuntimeError", "Could not allocate tensor with 1073741824 bytes. There is not enough GPU video memory available!"],
  [
    "RuntimeError",
    "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000.00 MiB on device 0: cudaMalloc failed: out of memory",
  ],
  ["RuntimeError", "CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`: allocation failed"],
];

const comfyui = (type: string, message: string) =>
  failureOf({
    outputs: {},
    status: {
      status_str: "error",
      completed: false,
      messages: [["execution_error", { node_type: "KSampler", exception_type: type, exception_message: message }]],
    },
  } as unknown as Parameters<typeof failureOf>[0]);
const webui = (type: string, message: string) =>
  explain({ status: 500, bytes: new TextEncoder().encode(JSON.stringify({ error: type, errors: message })) } as never);

const DOORS: Readonly<Record<string, (type: string, message: string) => BackendError | undefined>> = { comfyui, webui };

it.each(Object.keys(DOORS).flatMap((door) => WORDS.map((words) => [door, ...words] as const)))(
  "%s says %s: %s, and rests for nobody",
  (door, type, message) => {
    const error = DOORS[door]?.(type, message);
    expect(error?.code).toBe("out_of_memory");
    let circuit = CLOSED;
    for (let times = 0; times < 9; times += 1) if (error) circuit = failed(circuit, error, 0);
    expect(circuit).toEqual(CLOSED);
  },
);

it.each([
  "a memory of home, out of the window",
  "IndexError: list index out of range",
  "memory_efficient_attention is not available",
  "the room is empty",
  "value out of bounds",
])("%s is no lack of memory", (words) => expect(isOutOfMemory(words)).toBe(false));
