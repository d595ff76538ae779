// Coarse blocks of the mean colour in place of pixels. townhall/photos/decoder.py does the same on the
// server; tests/mosaic.json holds both to it. Pure.

export const BLOCKS = 4 // along the longer side: of a plate's or a face's drawing nothing is left
export const LEAST = 24 // px
export const SHADES = 32 // of 256: what a block's mean says beyond these is rounded away

/** How many blocks an area of this size gets: [across, down]. */
export function blocksOf(width, height) {
  const block = Math.max(LEAST, Math.ceil(Math.max(width, height) / BLOCKS))
  return [Math.max(1, Math.floor(width / block)), Math.max(1, Math.floor(height / block))]
}

export const rounded = (value) => Math.floor(value / SHADES) * SHADES + SHADES / 2

/** Replace the pixels ({ data: RGBA, width, height }, as a canvas hands them out) in place. */
export function mosaic(pixels) {
  const { data, width, height } = pixels
  const [across, down] = blocksOf(width, height)
  const column = Uint16Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * across) / width))
  const row = Uint16Array.from({ length: height }, (_, y) => Math.floor(((y + 0.5) * down) / height))
  const sums = new Float64Array(across * down * 4)
  for (let at = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const block = (row[y] * across + column[x]) * 4
      for (let colour = 0; colour < 3; colour++) sums[block + colour] += data[at + colour]
      sums[block + 3] += 1
    }
  }
  for (let at = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const block = (row[y] * across + column[x]) * 4
      for (let colour = 0; colour < 3; colour++) data[at + colour] = rounded(sums[block + colour] / sums[block + 3])
      data[at + 3] = 255
    }
  }
  return pixels
}

/** An area { left, top, width, height } that lies inside a picture, in whole px, not too small. */
export function inside(area, picture, least = 8) {
  const width = Math.min(picture.width, Math.max(least, Math.round(area.width)))
  const height = Math.min(picture.height, Math.max(least, Math.round(area.height)))
  return {
    left: Math.min(picture.width - width, Math.max(0, Math.round(area.left))),
    top: Math.min(picture.height - height, Math.max(0, Math.round(area.top))),
    width,
    height,
  }
}
