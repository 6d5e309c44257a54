"""A Space of the FLUX-LoRA gallery without a model, on a real Gradio server: noise of the size asked for.

Environment: MOCK_GENERATION newer | older, MOCK_STEP_MS, MOCK_MAX_SIZE (queue), PORT.
Words in the prompt: "quota" ZeroGPU's refusal, "bug" a hidden exception, "notice" a gr.Info.
"""

import os
import time

import gradio as gr
import numpy as np

STEP_S = float(os.environ.get("MOCK_STEP_MS", "20")) / 1000
LORAS = [
    {"title": "RCA", "repo": "someone/rca", "trigger_word": "RCA style"},
    {"title": "Woodcut", "repo": "someone/woodcut", "trigger_word": "woodcut print", "trigger_position": "append"},
    {"title": "No words", "repo": "someone/none", "trigger_word": ""},
]
QUOTA = "You have exceeded your free ZeroGPU quota (70s requested vs. 41s left). Try again in 13:42:07. <a href='x'>more</a>"


def update_selection(evt: gr.SelectData, width, height):
    lora = LORAS[evt.index]
    text = f"### Selected: [{lora['repo']}](https://huggingface.co/{lora['repo']})"
    return gr.update(placeholder=f"Type a prompt for {lora['title']}"), text, evt.index, width, height


def add_custom_lora(custom_lora):
    if custom_lora.count("/") != 1:
        gr.Warning("Invalid LoRA: either you entered an invalid link, or a non-FLUX LoRA")
        return gr.update(visible=True, value="Invalid LoRA: either you entered an invalid link"), None, ""
    LORAS.append({"title": custom_lora.split("/")[1], "repo": custom_lora, "trigger_word": "custom word"})
    return f"<small>Using: <code><b>custom word</b></code> as the trigger word</small>", len(LORAS) - 1, "custom word"


def picture(prompt, seed, width, height, step):
    rng = np.random.default_rng([int(seed), step, *prompt.encode()[:200]])
    return rng.integers(0, 256, (int(height), int(width), 3), dtype=np.uint8)


def begin(prompt, index):
    if index is None:
        raise gr.Error("You must select a LoRA before proceeding.")
    if "quota" in prompt:
        raise gr.Error(QUOTA, title="ZeroGPU quota exceeded")
    if "bug" in prompt:
        raise RuntimeError("CUDA went away at /home/user/app")
    if "notice" in prompt:
        gr.Info("Waiting for a GPU to become available", title="ZeroGPU queue")


def generation_newer(prompt, image_input, image_strength, cfg_scale, steps, selected_index, randomize_seed, seed, width, height, lora_scale):
    begin(prompt, selected_index)
    word = LORAS[selected_index]["trigger_word"]
    for step in range(1, int(steps) + 1):
        time.sleep(STEP_S)
        bar = f'<div class="progress-container"><div class="progress-bar" style="--current: {step}; --total: {int(steps)};"></div></div>'
        yield picture(f"{word} {prompt}", seed, width, height, step), seed, gr.update(value=bar, visible=True)


def generation_older(prompt, cfg_scale, steps, selected_index, randomize_seed, seed, width, height, lora_scale, progress=gr.Progress()):
    begin(prompt, selected_index)
    for _ in progress.tqdm(range(int(steps)), desc="denoise"):
        time.sleep(STEP_S)
    return picture(prompt, seed, width, height, 0), seed


newer = os.environ.get("MOCK_GENERATION", "newer") == "newer"
with gr.Blocks() as app:
    selected = gr.State(None)
    prompt = gr.Textbox(label="Prompt")
    gallery = gr.Gallery([(np.zeros((8, 8, 3), np.uint8), lora["title"]) for lora in LORAS], allow_preview=False)
    custom, custom_info, info, bar = gr.Textbox(), gr.HTML(), gr.Markdown(), gr.Markdown()
    result = gr.Image(format="png")
    image, strength = gr.Image(type="filepath"), gr.Slider(0.1, 1, 0.75, step=0.01)
    cfg, steps = gr.Slider(1, 20, 3.5, step=0.5), gr.Slider(1, 50, 28, step=1)
    width, height = gr.Slider(256, 1536, 1024, step=64), gr.Slider(256, 1536, 1024, step=64)
    randomize, seed = gr.Checkbox(True), gr.Slider(0, 2**32 - 1, 0, step=1, randomize=True)
    scale = gr.Slider(0, 1, 0.95, step=0.01)
    button = gr.Button()
    gallery.select(update_selection, [width, height], [prompt, info, selected, width, height])
    custom.input(add_custom_lora, [custom], [custom_info, selected, prompt])
    shared = [cfg, steps, selected, randomize, seed, width, height, scale]
    first = [prompt, image, strength] if newer else [prompt]
    outputs = [result, seed, bar] if newer else [result, seed]
    button.click(generation_newer if newer else generation_older, [*first, *shared], outputs, api_name="run_lora")

max_size = os.environ.get("MOCK_MAX_SIZE")
app.queue(max_size=int(max_size) if max_size else None)
app.launch(server_name="127.0.0.1", server_port=int(os.environ.get("PORT", "7860")), ssr_mode=False, quiet=True)
