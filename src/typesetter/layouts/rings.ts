import { companions } from "../composition/companions.ts";
import { circlePoints, disc, photo, rect } from "../composition/shapes.ts";
import { sign } from "../composition/sign.ts";
import { zonesOf } from "../composition/zones.ts";
import { setStack } from "../lettering/typeset.ts";
import { inks, type Layout, mirrored, setStrips, standOut } from "./layout.ts";

/** Circles around one point, swelling until they leave the page. */
export const rings: Layout = {
  name: "rings",
  inks: [
    inks("#f3e7cf", "#2b1730", "#e5432d", "#f3a712"),
    inks("#f2ead8", "#0f2d3a", "#e4572e", "#2a9d8f"),
    inks("#f7e9d0", "#31124a", "#e83f6f", "#ffbf00"),
  ],
  draw(scene) {
    const { w, h, u, inks: palette, chance, depart } = scene;
    const zones = zonesOf(scene, { titleAt: ["bottom", "top"], share: 0.3 });
    const { stage } = zones;
    const { x } = mirrored(scene);
    const cx = x([0.5, 0.36, 0.42][scene.deal("middle", 3)] ?? 0.5) + w * chance.between(-0.04, 0.04);
    const cy = stage.y + stage.h * chance.between(0.46, 0.54);
    const r = Math.min(w, stage.h) * 0.26;
    const colours =
      scene.deal("order", 2) === 0
        ? [palette.accent, palette.paper, palette.second, palette.paper]
        : [palette.accent, palette.second, palette.ink, palette.paper];
    const count = 9;
    const drift = u * chance.between(-2.4, 2.4) * depart;
    for (let i = count; i >= 1; i--)
      disc(
        scene,
        cx + drift * i,
        cy - Math.abs(drift) * 0.5 * i,
        r * (1 + i * (0.2 + 0.028 * i)),
        colours[i % colours.length] ?? palette.paper,
      );
    disc(scene, cx, cy, r * 1.1, palette.ink);
    const shown = photo(
      scene,
      { x: cx - r * 1.02, y: cy - r * 1.02, w: r * 2.04, h: r * 2.04 },
      palette.ink,
      palette.paper,
      circlePoints(cx, cy, r * 1.02),
    );
    const hero = scene.icons[0];
    if (hero && !shown) sign(scene, hero, cx, cy, r * 1.6, standOut(scene, palette.ink));
    else if (!shown) disc(scene, cx, cy, r * 0.45, standOut(scene, palette.ink));
    companions(
      scene,
      [
        [x(0.87), stage.y + stage.h * 0.17, u * 16],
        [x(0.87), stage.y + stage.h * 0.84, u * 15],
      ],
      palette.ink,
    );
    // The type stands on the bare paper: the circles set behind it like a sun behind the sea.
    const { main, foot, head } = zones;
    const pad = scene.m * 0.55;
    const cover = (y: number, height: number) => rect(scene, { x: -u, y, w: w + 2 * u, h: height }, palette.paper);
    if (zones.titleAt === "bottom") cover(main.rect.y - pad, h);
    else if (zones.titleAt === "top") cover(-1, main.rect.y + main.rect.h + pad + 1);
    else cover(main.rect.y - pad, main.rect.h + 2 * pad);
    if (foot && zones.titleAt !== "bottom") cover(foot.rect.y - pad, h);
    if (head && zones.titleAt !== "top") cover(-1, head.rect.y + head.rect.h + pad + 1);
    setStack(scene, main.rect, main.phrases, {
      font: "grotesk",
      subFont: "text",
      align: "left",
      valign: "middle",
      inks: [palette.ink, palette.paper],
      leading: 1.22,
      maxCap: 0.42,
    });
    setStrips(scene, zones, "text");
    scene.texture = { grain: 0.4, wear: 0.15 };
  },
};
