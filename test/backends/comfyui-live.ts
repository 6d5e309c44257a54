/** A real ComfyUI: our own with tiny models, or one that somebody started. */
export interface LiveComfyui {
  /** "": there is none. */
  url(): string;
  /** Of a real server, what is missing where there is none. */
  readonly needs: string;
  /** With every model that `placard_tiny.py` makes. */
  readonly ours: boolean;
}
