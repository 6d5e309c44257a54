"""Tiny random models for a real ComfyUI on a processor, one per family of image models.

As a custom node (this file in a folder `custom_nodes`) it makes networks small whose sizes are fixed in the server's code, and
writes the weights of the families that PLACARD_TINY names (with spaces between them; "all"). As a
program it only writes them:

    cd ComfyUI && python custom_nodes/placard_tiny.py [family ...]

Nothing is downloaded, and the pictures are noise: what is tested is that graphs are accepted and run to their end.
"""

import os
import sys

NODE_CLASS_MAPPINGS = {}
LAYERS = 1
# Widths of networks that a server would make in their full size.
FLUX, QWEN, CHROMA = 128, 128, 64


def _shrink(name, **sizes):
    import comfy.text_encoders.llama as llama
    import dataclasses

    config = getattr(llama, name, None)
    if config is None:
        return
    names = [field.name for field in dataclasses.fields(config)]
    values = list(config.__init__.__defaults__)
    for key, value in sizes.items():
        values[names.index(key)] = value
    config.__init__.__defaults__ = tuple(values)


def _made_with(cls, **sizes):
    """Whatever the server asks for, it is made in these sizes."""
    original = cls.__init__

    def small(self, *args, **kwargs):
        original(self, *args, **{**kwargs, **sizes})

    cls.__init__ = small


def shrink():
    """The widths by which parts are told and fitted together stay; layers and what lies inside of them are few."""
    import json
    import comfy.model_detection as detection
    import comfy.sd1_clip as sd1_clip
    import comfy.supported_models as supported
    import comfy.text_encoders.qwen_vl as qwen_vl
    from comfy.ldm.modules.diffusionmodules.model import Decoder, Encoder
    from comfy.ldm.wan.vae import WanVAE

    _shrink("Qwen25_7BVLI_Config", hidden_size=QWEN, num_hidden_layers=LAYERS, intermediate_size=64, num_attention_heads=4)
    # Three of its layers are read by FLUX.2 klein, the last but one by Z-Image.
    _shrink("Qwen3_4BConfig", num_hidden_layers=3, intermediate_size=64)
    _made_with(qwen_vl.Qwen2VLVisionTransformer, hidden_size=320, intermediate_size=64, num_layers=LAYERS)
    _made_with(Encoder, ch=32)
    _made_with(Decoder, ch=32)
    _made_with(WanVAE, dim=8, num_res_blocks=1)

    few = {
        "t5_config_xxl.json": {"num_layers": LAYERS, "d_ff": 64, "num_heads": 2},
        "clip_config_bigg.json": {"num_hidden_layers": 3, "intermediate_size": 64},
        "sd1_clip_config.json": {"num_hidden_layers": 3, "intermediate_size": 64},
    }
    original = sd1_clip.SDClipModel.__init__

    def small(self, *args, **kwargs):
        path = kwargs.get("textmodel_json_config")
        if path is None:
            path = os.path.join(os.path.dirname(sd1_clip.__file__), "sd1_clip_config.json")
        sizes = few.get(os.path.basename(path)) if isinstance(path, str) else None
        if sizes is not None:
            with open(path) as file:
                kwargs["textmodel_json_config"] = {**json.load(file), **sizes}
            name = {"sd1_clip_config.json": "clip_l"}.get(os.path.basename(path))
            options = kwargs.get("model_options", {})
            if name is not None and "model_name" not in options:
                kwargs["model_options"] = {**options, "model_name": name}
        if isinstance(kwargs.get("layer"), list):
            kwargs["layer"] = [0, 1, 2]
        original(self, *args, **kwargs)

    sd1_clip.SDClipModel.__init__ = small

    # SDXL is told by the exact sizes of its network: a small twin of it is one more kind.
    class TinyXL(supported.SDXL):
        unet_config = {**supported.SDXL.unet_config, "model_channels": 32}

    supported.models.append(TinyXL)
    detected = detection.detect_unet_config

    def detect_unet_config(state_dict, key_prefix, metadata=None):
        """As detected, with the sizes that the weights have."""
        config = detected(state_dict, key_prefix, metadata)
        kind = (config or {}).get("image_model")
        if kind not in ("flux", "chroma", "qwen_image"):
            return config
        width = state_dict[f"{key_prefix}img_in.weight"].shape[0]
        if kind == "qwen_image":
            words = state_dict[f"{key_prefix}txt_in.weight"].shape[1]
            return {**config, "num_attention_heads": width // 128, "joint_attention_dim": words}
        if config["hidden_size"] == 3072:
            config.update({"hidden_size": width, "num_heads": width // 128})
        if kind == "chroma":
            config.update({"out_dim": width, "hidden_dim": CHROMA})
        return config

    detection.detect_unet_config = detect_unet_config


def _noise(shape):
    """Random numbers, repeated after a million: making new ones takes longer than all else."""
    import math

    million, count = _million(), math.prod(shape)
    if count > len(million):
        million = million.repeat(-(-count // len(million)))
    # A copy: a part would hold all of it in memory.
    return million[:count].clone().view(shape)


def _million(made=[]):
    import torch

    if not made:
        made.append(torch.randn(1_000_003) * 0.02)
    return made[0]


def _filled(module, dtype):
    import torch

    weights = {}
    for key, value in module.state_dict().items():
        if value.is_floating_point():
            small = _noise(value.shape)
            scales = key.endswith((".scale", ".gamma")) or ("norm" in key and key.endswith("weight") and value.dim() == 1)
            weights[key] = (small + 1 if scales else small).to(dtype)
        else:
            weights[key] = torch.zeros(value.shape, dtype=value.dtype)
    return weights


def _path(folder, name):
    import folder_paths

    path = os.path.join(folder_paths.models_dir, folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def _save(folder, name, weights, metadata=None):
    from safetensors.torch import save_file

    path = _path(folder, name)
    save_file({key: value.contiguous() for key, value in weights.items()}, path, metadata)
    print(f"{path}: {os.path.getsize(path) // 1024} kB")


def _model(name, weights, metadata=None, also=(), architecture=None):
    """The model, others of its shape under names of their own, and a LoRA of rank 2 for it."""
    import torch

    _save("diffusion_models", name, weights, metadata)
    for other, own in also:
        _save("diffusion_models", other, weights, own)
    layer = next(key for key, value in weights.items() if value.dim() == 2 and ("attn" in key) and key.endswith("weight"))
    high, wide = weights[layer].shape
    stem = f"diffusion_model.{layer[: -len('.weight')]}"
    lora = {f"{stem}.lora_A.weight": _noise((2, wide)) * 50, f"{stem}.lora_B.weight": _noise((high, 2)) * 50}
    _save("loras", f"tiny-{name}", {key: value.to(torch.float16) for key, value in lora.items()},
          None if architecture is None else {"modelspec.architecture": f"{architecture}/lora"})


def _text_encoders(names):
    import torch
    import comfy.ops
    import comfy.text_encoders.llama as llama
    import comfy.text_encoders.t5 as t5
    import comfy.clip_model as clip_model

    files = {"clip_l": "clip_l", "clip_g": "clip_g", "t5xxl": "t5xxl_fp16", "qwen25": "qwen_2.5_vl_7b", "qwen3": "qwen_3_4b"}
    # Several families share them.
    names = {name for name in names if not os.path.exists(_path("text_encoders", f"{files[name]}.safetensors"))}
    ops = comfy.ops.disable_weight_init
    if "clip_l" in names:
        sizes = {"hidden_act": "quick_gelu", "hidden_size": 768, "intermediate_size": 64, "num_attention_heads": 12,
                 "num_hidden_layers": 3, "max_position_embeddings": 77, "projection_dim": 768, "eos_token_id": 49407,
                 "vocab_size": 49408, "layer_norm_eps": 1e-05}
        _save("text_encoders", "clip_l.safetensors", _filled(clip_model.CLIPTextModel(sizes, torch.float16, "cpu", ops), torch.float16))
    if "clip_g" in names:
        sizes = {"hidden_act": "gelu", "hidden_size": 1280, "intermediate_size": 64, "num_attention_heads": 20,
                 "num_hidden_layers": 3, "max_position_embeddings": 77, "projection_dim": 1280, "eos_token_id": 49407,
                 "vocab_size": 49408, "layer_norm_eps": 1e-05}
        weights = _filled(clip_model.CLIPTextModel(sizes, torch.float16, "cpu", ops), torch.float16)
        # By this one it is known, though nothing of it is read.
        weights["text_model.encoder.layers.30.mlp.fc1.weight"] = torch.zeros(1, 1, dtype=torch.float16)
        _save("text_encoders", "clip_g.safetensors", weights)
    if "t5xxl" in names:
        sizes = {"d_ff": 64, "d_kv": 64, "d_model": 4096, "dense_act_fn": "gelu_pytorch_tanh", "is_gated_act": True,
                 "num_heads": 2, "num_layers": LAYERS, "vocab_size": 32128, "model_type": "t5", "pad_token_id": 0,
                 "decoder_start_token_id": 0, "eos_token_id": 1}
        weights = _filled(t5.T5(sizes, torch.float16, "cpu", ops), torch.float16)
        # By this one it is known, though nothing of it is read.
        weights["encoder.block.23.layer.1.DenseReluDense.wi_1.weight"] = torch.zeros(1, 4096, dtype=torch.float16)
        _save("text_encoders", "t5xxl_fp16.safetensors", weights)
    if "qwen25" in names:
        _save("text_encoders", "qwen_2.5_vl_7b.safetensors", _filled(llama.Qwen25_7BVLI({}, torch.float16, "cpu", ops), torch.float16))
    if "qwen3" in names:
        _save("text_encoders", "qwen_3_4b.safetensors", _filled(llama.Qwen3_4B({}, torch.bfloat16, "cpu", ops), torch.bfloat16))


def _vae(name, config, embed_dim):
    import torch
    from comfy.ldm.models.autoencoder import AutoencoderKL

    made = AutoencoderKL(ddconfig=config, embed_dim=embed_dim)
    _save("vae", name, _filled(made, torch.float16))


def _image_vae(name, channels, quantised):
    if os.path.exists(_path("vae", name)):
        return None
    config = {"double_z": True, "z_channels": channels, "resolution": 256, "in_channels": 3, "out_ch": 3, "ch": 128,
              "ch_mult": [1, 2, 4, 4], "num_res_blocks": 2, "attn_resolutions": [], "dropout": 0.0}
    if quantised:
        return _vae(name, config, channels)
    import torch
    from comfy.ldm.modules.diffusionmodules.model import Decoder, Encoder

    weights = {f"encoder.{k}": v for k, v in _filled(Encoder(**config), torch.float16).items()}
    weights.update({f"decoder.{k}": v for k, v in _filled(Decoder(**config), torch.float16).items()})
    _save("vae", name, weights)


def _flux1(ops, torch):
    from comfy.ldm.flux.model import Flux

    model = Flux(in_channels=16, out_channels=16, patch_size=2, vec_in_dim=768, context_in_dim=4096, hidden_size=FLUX,
                 mlp_ratio=4.0, num_heads=1, depth=1, depth_single_blocks=1, axes_dim=[16, 56, 56], theta=10000,
                 qkv_bias=True, guidance_embed=True, dtype=torch.float32, device="cpu", operations=ops)
    _model("flux1-dev.safetensors", _filled(model, torch.float32), {"modelspec.architecture": "flux-1-dev"},
           [("flux1-dev-kontext.safetensors", {"modelspec.architecture": "flux-1-kontext"})], "flux-1-dev")
    _text_encoders({"clip_l", "t5xxl"})
    _image_vae("ae.safetensors", 16, False)


def _chroma(ops, torch):
    from comfy.ldm.chroma.model import Chroma

    model = Chroma(in_channels=64, out_channels=64, context_in_dim=4096, hidden_size=FLUX, mlp_ratio=4.0, num_heads=1,
                   depth=1, depth_single_blocks=1, axes_dim=[16, 56, 56], theta=10000, patch_size=2, qkv_bias=True,
                   in_dim=64, out_dim=FLUX, hidden_dim=CHROMA, n_layers=5, dtype=torch.float32, device="cpu", operations=ops)
    _model("Chroma1-HD.safetensors", _filled(model, torch.float32))
    _text_encoders({"t5xxl"})
    _image_vae("ae.safetensors", 16, False)


def _sd35(ops, torch):
    from comfy.ldm.modules.diffusionmodules.mmdit import MMDiT

    model = MMDiT(input_size=None, patch_size=2, in_channels=16, depth=2, adm_in_channels=2048, pos_embed_max_size=192,
                  num_patches=36864, context_embedder_config={"target": "torch.nn.Linear", "params": {"in_features": 4096, "out_features": 128}},
                  qk_norm="rms", pos_embed_scaling_factor=None, dtype=torch.float32, device="cpu", operations=ops)
    _model("sd3.5_medium.safetensors", _filled(model, torch.float32))
    _text_encoders({"clip_l", "clip_g", "t5xxl"})
    _image_vae("sd3.5_vae.safetensors", 16, False)


def _sdxl(ops, torch):
    from comfy.ldm.modules.diffusionmodules.openaimodel import UNetModel

    model = UNetModel(image_size=32, in_channels=4, out_channels=4, model_channels=32, num_res_blocks=[2, 2, 2],
                      channel_mult=[1, 2, 4], num_head_channels=64, use_spatial_transformer=True, use_linear_in_transformer=True,
                      transformer_depth=[0, 0, 2, 2, 10, 10], transformer_depth_output=[0, 0, 0, 2, 2, 2, 10, 10, 10],
                      transformer_depth_middle=10, context_dim=2048, adm_in_channels=2816, num_classes="sequential",
                      legacy=False, dtype=torch.float32, device="cpu", operations=ops)
    _model("sd_xl_base_1.0.safetensors", _filled(model, torch.float32))
    _text_encoders({"clip_l", "clip_g"})
    _image_vae("sdxl_vae.safetensors", 4, True)


def _qwen(ops, torch):
    from comfy.ldm.qwen_image.model import QwenImageTransformer2DModel
    from comfy.ldm.wan.vae import WanVAE

    model = QwenImageTransformer2DModel(num_layers=1, num_attention_heads=1, joint_attention_dim=QWEN, dtype=torch.float32, device="cpu", operations=ops)
    _model("qwen_image_bf16.safetensors", _filled(model, torch.float32), None, [("qwen_image_edit_2509_bf16.safetensors", None)])
    _text_encoders({"qwen25"})
    vae = WanVAE(dim=96, z_dim=16, dim_mult=[1, 2, 4, 4], num_res_blocks=2, attn_scales=[], temperal_downsample=[False, True, True], dropout=0.0)
    _save("vae", "qwen_image_vae.safetensors", _filled(vae, torch.float16))


def _klein(ops, torch):
    from comfy.ldm.flux.model import Flux

    model = Flux(in_channels=128, out_channels=128, patch_size=1, vec_in_dim=None, context_in_dim=7680, hidden_size=256,
                 mlp_ratio=3.0, num_heads=2, depth=1, depth_single_blocks=1, axes_dim=[32, 32, 32, 32], theta=2000,
                 qkv_bias=False, guidance_embed=False, global_modulation=True, mlp_silu_act=True, ops_bias=False,
                 default_ref_method="index", ref_index_scale=10.0, txt_ids_dims=[3],
                 dtype=torch.float32, device="cpu", operations=ops)
    _model("flux-2-klein-4b.safetensors", _filled(model, torch.float32))
    _text_encoders({"qwen3"})
    from comfy.ldm.models.autoencoder import AutoencoderKL

    config = {"double_z": True, "z_channels": 32, "resolution": 256, "in_channels": 3, "out_ch": 3, "ch": 128,
              "ch_mult": [1, 2, 4, 4], "num_res_blocks": 2, "attn_resolutions": [], "dropout": 0.0, "batch_norm_latent": True}
    weights = _filled(AutoencoderKL(ddconfig=config, embed_dim=32), torch.float16)
    weights["bn.running_mean"] = torch.zeros(128)
    weights["bn.running_var"] = torch.ones(128)
    _save("vae", "flux2-vae.safetensors", weights)


def _z_image(ops, torch):
    from comfy.ldm.lumina.model import NextDiT

    model = NextDiT(patch_size=2, in_channels=16, dim=3840, n_layers=1, n_refiner_layers=1, n_heads=30, n_kv_heads=30,
                    qk_norm=True, cap_feat_dim=2560, axes_dims=[32, 48, 48], axes_lens=[1536, 512, 512], rope_theta=256.0,
                    ffn_dim_multiplier=8.0 / 3.0, z_image_modulation=True, time_scale=1000.0, pad_tokens_multiple=32,
                    dtype=torch.bfloat16, device="cpu", operations=ops)
    _model("z_image_turbo_bf16.safetensors", _filled(model, torch.bfloat16))
    _text_encoders({"qwen3"})
    _image_vae("ae.safetensors", 16, False)


FAMILIES = {"flux1": _flux1, "chroma": _chroma, "sd35": _sd35, "sdxl": _sdxl, "qwen-image": _qwen,
            "flux2-klein-4b": _klein, "z-image": _z_image}


def make(wanted):
    import torch
    import comfy.ops

    torch.manual_seed(1)
    for name in wanted or FAMILIES:
        try:
            with torch.no_grad():
                FAMILIES[name](comfy.ops.disable_weight_init, torch)
        except (ImportError, TypeError) as error:
            print(f"{name}: this ComfyUI does not have it ({error})")


def main(wanted):
    sys.path.insert(0, os.getcwd())
    # ComfyUI reads the command line when it is imported.
    sys.argv = [sys.argv[0], "--cpu"]
    import comfy.options

    comfy.options.enable_args_parsing()
    shrink()
    make(wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
else:
    shrink()
    named = os.environ.get("PLACARD_TINY", "")
    if named != "":
        make([] if named == "all" else named.split())
