/**
 * torch.OutOfMemoryError, torch.cuda.OutOfMemoryError, "CUDA out of memory", "HIP out of memory", "MPS backend out of memory",
 * "Allocation on device", "not enough memory", "failed to allocate", torch.AcceleratorError with memory in its words.
 */
const MEMORY =
  /out[ _-]?of[ _-]?(?:\w+[ _-])?memory|allocation on device|(?:not enough|insufficient|no more|too little)(?: (?:free|gpu|video|device|system|vram))* ?(?:memory|vram)|\b(?:cannot|could not|can't|failed to|unable to) allocate|allocation failed|\b(?:cuda|hip|mps)\w*_?out_?of_?memory|\bdefaultcpuallocator\b|\boom\b|acceleratorerror[\s\S]{0,200}memory|ran out of (?:memory|vram)/iu;

/** The size was too much for it, and a smaller one may not be: nothing is broken there. Wordings of torch, ggml and their programs. */
export const isOutOfMemory = (...texts: readonly (string | undefined)[]): boolean =>
  MEMORY.test(
    texts
      .filter((text) => text !== undefined)
      .join("\n")
      .slice(0, 20_000),
  );
