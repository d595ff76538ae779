// Make a photo small on the device: 1600 px are enough, and 250 KB arrive in the rain.

export const LONGEST = 1600
export const ENOUGH = 250 * 1024
const QUALITIES = [0.82, 0.7, 0.6, 0.5]

/** The size of a picture inside a square of `longest`, never larger than it is. */
export function fit(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A smaller copy of the photo, or the photo itself where the browser can't open it (HEIC). */
export async function shrink(file) {
  let picture
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" })
  } catch {
    return file
  }
  const copy = await redraw(picture, file)
  picture.close()
  return copy
}

async function redraw(picture, file) {
  const size = fit(picture.width, picture.height)
  const canvas = Object.assign(document.createElement("canvas"), size)
  const brush = canvas.getContext("2d")
  if (!brush) return file
  brush.imageSmoothingQuality = "high"
  brush.drawImage(picture, 0, 0, size.width, size.height)
  let copy = null
  for (const quality of QUALITIES) {
    copy = await encoded(canvas, quality)
    if (!copy || copy.size <= ENOUGH) break
  }
  return copy && copy.size < file.size ? copy : file
}

function encoded(canvas, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality))
}
