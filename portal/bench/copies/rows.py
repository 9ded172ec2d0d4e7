"""The rows of the table: 39 ordinary kinds of copy, then harder ones that are reported beside them."""

from __future__ import annotations

from portal.bench.copies import composed, crops, evasions, frames, overlays, tones
from portal.bench.copies.alteration import Alter

WHITE, BLACK = (255, 255, 255), (0, 0, 0)

ROWS: dict[str, Alter] = {
    "original": tones.original,
    "jpeg30": tones.jpeg30,
    "jpeg10": tones.jpeg10,
    "down25pct": tones.quarter_size,
    "width200": tones.width200,
    "crop90": crops.of_area(0.9),
    "crop75": crops.of_area(0.75),
    "crop50": crops.of_area(0.5),
    "crop33": crops.of_area(0.33),
    "crop25": crops.of_area(0.25),
    "crop_square": crops.of_shape(1.0),
    "crop_4x5": crops.of_shape(4 / 5),
    "crop_9x16": crops.of_shape(9 / 16),
    "screenshot": frames.screenshot,
    "border_white": frames.bordered(WHITE),
    "border_black": frames.bordered(BLACK),
    "border_blur": frames.letterbox_blur,
    "mirror": crops.mirror,
    "rot90": crops.turned(90),
    "rot180": crops.turned(180),
    "rot270": crops.turned(270),
    "rot5": crops.tilted(5),
    "rot15": crops.tilted(15),
    "caption": overlays.caption,
    "sticker15": overlays.sticker(share=0.15),
    "watermark": overlays.watermark,
    "blur": tones.blur,
    "bright_gamma": tones.bright_gamma,
    "gray": tones.gray,
    "filter": tones.colour_filter,
    "noise": tones.noise,
    "colourshift": tones.colourshift,
    "squeeze08": tones.squeeze08,
    "perspective": composed.screen_photo,
    "collage2": composed.collage(across=2, down=1),
    "collage4": composed.collage(across=2, down=2),
    "crop75+mirror+jpeg30": composed.chain(crops.of_area(0.75), crops.mirror, tones.jpeg30),
    "screenshot+crop": composed.chain(frames.screenshot, crops.of_area(0.75)),
    "filter+caption+crop75": composed.chain(tones.colour_filter, overlays.caption, crops.of_area(0.75)),
}

HARD_ROWS: dict[str, Alter] = {
    "crop15": crops.of_area(0.15),
    "crop10": crops.of_area(0.10),
    "thumbnail64": evasions.thumbnail64,
    "invert": evasions.invert,
    "invert+mirror": composed.chain(evasions.invert, crops.mirror),
    "elastic": evasions.elastic,
    "swirl": evasions.swirl,
    "stretch2": evasions.stretch2,
    "meme": evasions.meme,
    "half_covered": evasions.half_covered,
    "emoji_rain": evasions.emoji_rain,
    "picture_in_picture": evasions.picture_in_picture,
    "collage9": composed.collage(across=3, down=3),
    "double_exposure": composed.blended,
    "posterise": evasions.posterise,
    "black_and_white": evasions.black_and_white,
    "pixelate": evasions.pixelate,
    "mosaic_strips": evasions.strips,
    "outline": evasions.outline,
    "dark": evasions.dark,
    "screenshot_twice": composed.chain(frames.screenshot, crops.of_area(0.9), frames.screenshot),
    "crop50+tilt+caption+jpeg10": composed.chain(
        crops.of_area(0.5), crops.tilted(10), overlays.caption, tones.jpeg10
    ),
    "crop50+mirror+filter+noise": composed.chain(
        crops.of_area(0.5), crops.mirror, tones.colour_filter, tones.noise
    ),
    "collage4+screenshot": composed.chain(composed.collage(across=2, down=2), frames.screenshot),
}
