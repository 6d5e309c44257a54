"""Tiny random models for a real ComfyUI on a processor, one per family of image models.

As a custom node (put this file into ComfyUI/custom_nodes) it makes the text encoders of the server small: one layer of
each, since their sizes are fixed in its code. As a program it writes the weights:

    cd ComfyUI && python custom_nodes/placard_tiny.py [family ...]

Nothing is downloaded, and the pictures are noise: what is tested is that graphs are accepted and run to their end.
"""

import os
import sys

NODE_CLASS_MAPPINGS = {}
LAYERS = 1


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


def shrink_text_encoders():
    """One layer each; the width stays, since the picture models are made for it."""
    import json
    import comfy.sd1_clip as sd1_clip

    _shrink("Qwen25_7BVLI_Config", num_hidden_layers=LAYERS, intermediate_size=64)
    # Three of its layers are read by FLUX.2 klein, the last but one by Z-Image.
    _shrink("Qwen3_4BConfig", num_hidden_layers=3, intermediate_size=64)
    original = sd1_clip.SDClipModel.__init__

    def small(self, *args, **kwargs):
        path = kwargs.get("textmodel_json_config")
        if isinstance(path, str) and path.endswith("t5_config_xxl.json"):
            with open(path) as file:
                config = json.load(file)
            config.update({"num_layers": LAYERS, "d_ff": 64, "num_heads": 2})
            kwargs["textmodel_json_config"] = config
        if isinstance(kwargs.get("layer"), list):
            kwargs["layer"] = [0, 1, 2]
        original(self, *args, **kwargs)

    sd1_clip.SDClipModel.__init__ = small
    # SDXL is told by the exact sizes of its network: a small twin of it is one more kind.
    import comfy.supported_models as supported

    class TinyXL(supported.SDXL):
        unet_config = {**supported.SDXL.unet_config, "model_channels": 32}

    supported.models.append(TinyXL)


def _filled(module, dtype):
    import torch

    weights = {}
    for key, value in module.state_dict().items():
        if value.is_floating_point():
            small = torch.randn(value.shape) * 0.02
            scales = key.endswith(".scale") or ("norm" in key and key.endswith("weight") and value.dim() == 1)
            weights[key] = (small + 1 if scales else small).to(dtype)
        else:
            weights[key] = torch.zeros(value.shape, dtype=value.dtype)
    return weights


def _save(folder, name, weights, metadata=None):
    from safetensors.torch import save_file

    path = os.path.join("models", folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    save_file({key: value.contiguous() for key, value in weights.items()}, path, metadata)
    print(f"{path}: {os.path.getsize(path) // 1024} kB")


def _text_encoders(names):
    import torch
    import comfy.ops
    import comfy.text_encoders.llama as llama
    import comfy.text_encoders.t5 as t5
    import comfy.clip_model as clip_model

    ops = comfy.ops.disable_weight_init
    if "clip_l" in names:
        sizes = {"hidden_act": "quick_gelu", "hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12,
                 "num_hidden_layers": 12, "max_position_embeddings": 77, "projection_dim": 768, "eos_token_id": 49407,
                 "vocab_size": 49408, "layer_norm_eps": 1e-05}
        _save("text_encoders", "clip_l.safetensors", _filled(clip_model.CLIPTextModel(sizes, torch.float16, "cpu", ops), torch.float16))
    if "clip_g" in names:
        sizes = {"hidden_act": "gelu", "hidden_size": 1280, "intermediate_size": 5120, "num_attention_heads": 20,
                 "num_hidden_layers": 32, "max_position_embeddings": 77, "projection_dim": 1280, "eos_token_id": 49407,
                 "vocab_size": 49408, "layer_norm_eps": 1e-05}
        _save("text_encoders", "clip_g.safetensors", _filled(clip_model.CLIPTextModel(sizes, torch.float16, "cpu", ops), torch.float16))
    if "t5xxl" in names:
        sizes = {"d_ff": 64, "d_kv": 64, "d_model": 4096, "dense_act_fn": "gelu_pytorch_tanh", "is_gated_act": True,
                 "num_heads": 2, "num_layers": LAYERS, "vocab_size": 32128, "model_type": "t5", "pad_token_id": 0,
                 "decoder_start_token_id": 0, "eos_token_id": 1}
        weights = _filled(t5.T5(sizes, torch.float16, "cpu", ops), torch.float16)
        # By this one it is known, though nothing of it is read.
        weights["encoder.block.23.layer.1.DenseReluDense.wi_1.weight"] = torch.zeros(10240, 4096, dtype=torch.float16)
        _save("text_encoders", "t5xxl_fp16.safetensors", weights)
    if "qwen25" in names:
        weights = _filled(llama.Qwen25_7BVLI({}, torch.bfloat16, "cpu", ops), torch.bfloat16)
        _save("text_encoders", "qwen_2.5_vl_7b.safetensors", {k: v for k, v in weights.items() if not k.startswith("visual")})
    if "qwen3" in names:
        _save("text_encoders", "qwen_3_4b.safetensors", _filled(llama.Qwen3_4B({}, torch.bfloat16, "cpu", ops), torch.bfloat16))


def _vae(name, config, embed_dim):
    import torch
    from comfy.ldm.models.autoencoder import AutoencoderKL

    made = AutoencoderKL(ddconfig=config, embed_dim=embed_dim)
    _save("vae", name, _filled(made, torch.float16))


def _image_vae(name, channels, quantised):
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

    model = Flux(in_channels=16, out_channels=16, patch_size=2, vec_in_dim=768, context_in_dim=4096, hidden_size=3072,
                 mlp_ratio=4.0, num_heads=24, depth=1, depth_single_blocks=1, axes_dim=[16, 56, 56], theta=10000,
                 qkv_bias=True, guidance_embed=True, dtype=torch.bfloat16, device="cpu", operations=ops)
    _save("diffusion_models", "flux1-dev.safetensors", _filled(model, torch.bfloat16), {"modelspec.architecture": "flux-1-dev"})
    _text_encoders({"clip_l", "t5xxl"})
    _image_vae("ae.safetensors", 16, False)


def _chroma(ops, torch):
    from comfy.ldm.chroma.model import Chroma

    model = Chroma(in_channels=64, out_channels=64, context_in_dim=4096, hidden_size=3072, mlp_ratio=4.0, num_heads=24,
                   depth=1, depth_single_blocks=1, axes_dim=[16, 56, 56], theta=10000, patch_size=2, qkv_bias=True,
                   in_dim=64, out_dim=3072, hidden_dim=5120, n_layers=5, dtype=torch.bfloat16, device="cpu", operations=ops)
    _save("diffusion_models", "Chroma1-HD.safetensors", _filled(model, torch.bfloat16))
    _text_encoders({"t5xxl"})
    _image_vae("ae.safetensors", 16, False)


def _sd35(ops, torch):
    from comfy.ldm.modules.diffusionmodules.mmdit import MMDiT

    model = MMDiT(input_size=None, patch_size=2, in_channels=16, depth=2, adm_in_channels=2048, pos_embed_max_size=192,
                  num_patches=36864, context_embedder_config={"target": "torch.nn.Linear", "params": {"in_features": 4096, "out_features": 128}},
                  qk_norm="rms", pos_embed_scaling_factor=None, dtype=torch.float32, device="cpu", operations=ops)
    _save("diffusion_models", "sd3.5_medium.safetensors", _filled(model, torch.float32))
    _text_encoders({"clip_l", "clip_g", "t5xxl"})
    _image_vae("sd3.5_vae.safetensors", 16, False)


def _sdxl(ops, torch):
    from comfy.ldm.modules.diffusionmodules.openaimodel import UNetModel

    model = UNetModel(image_size=32, in_channels=4, out_channels=4, model_channels=32, num_res_blocks=[2, 2, 2],
                      channel_mult=[1, 2, 4], num_head_channels=64, use_spatial_transformer=True, use_linear_in_transformer=True,
                      transformer_depth=[0, 0, 2, 2, 10, 10], transformer_depth_output=[0, 0, 0, 2, 2, 2, 10, 10, 10],
                      transformer_depth_middle=10, context_dim=2048, adm_in_channels=2816, num_classes="sequential",
                      legacy=False, dtype=torch.float32, device="cpu", operations=ops)
    _save("diffusion_models", "sd_xl_base_1.0.safetensors", _filled(model, torch.float32))
    _text_encoders({"clip_l", "clip_g"})
    _image_vae("sdxl_vae.safetensors", 4, True)


def _qwen(ops, torch):
    from comfy.ldm.qwen_image.model import QwenImageTransformer2DModel
    from comfy.ldm.wan.vae import WanVAE

    model = QwenImageTransformer2DModel(num_layers=1, dtype=torch.bfloat16, device="cpu", operations=ops)
    _save("diffusion_models", "qwen_image_bf16.safetensors", _filled(model, torch.bfloat16))
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
    _save("diffusion_models", "flux-2-klein-4b.safetensors", _filled(model, torch.float32))
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
    _save("diffusion_models", "z_image_turbo_bf16.safetensors", _filled(model, torch.bfloat16))
    _text_encoders({"qwen3"})
    _image_vae("ae.safetensors", 16, False)


FAMILIES = {"flux1": _flux1, "chroma": _chroma, "sd35": _sd35, "sdxl": _sdxl, "qwen-image": _qwen,
            "flux2-klein-4b": _klein, "z-image": _z_image}


def main(wanted):
    sys.path.insert(0, os.getcwd())
    import torch

    # ComfyUI reads the command line when it is imported.
    sys.argv = [sys.argv[0], "--cpu"]
    import comfy.options

    comfy.options.enable_args_parsing()
    import comfy.ops

    torch.manual_seed(1)
    shrink_text_encoders()
    for name in wanted or FAMILIES:
        try:
            FAMILIES[name](comfy.ops.disable_weight_init, torch)
        except (ImportError, TypeError) as error:
            print(f"{name}: this ComfyUI does not have it ({error})")


if __name__ == "__main__":
    main(sys.argv[1:])
else:
    shrink_text_encoders()
