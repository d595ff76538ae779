// Where a photo was taken, read on the device: the copy that is sent has forgotten it. Pure.

export const HEAD = 256 * 1024 // bytes of a file in which cameras write it
const GPS = 0x8825
const MARK = [0x45, 0x78, 0x69, 0x66, 0, 0] // "Exif", before the TIFF header in JPEG, HEIC and WebP

/** [lon, lat] in degrees, or null: nothing noted, not readable, 0/0, or off the globe. */
export function positionIn(bytes) {
  for (let at = 0; at + 14 < bytes.length; at++) {
    if (!MARK.every((byte, i) => bytes[at + i] === byte)) continue
    try {
      const noted = gpsOf(new DataView(bytes.buffer, bytes.byteOffset + at + MARK.length))
      if (noted) return position(noted)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error // it leads beyond the file
    }
  }
  return null
}

/** The four entries that make a position: { 1: "N", 2: [d, m, s], 3: "E", 4: [d, m, s] }. */
function gpsOf(tiff) {
  const order = tiff.getUint16(0)
  const little = order === 0x4949
  if ((!little && order !== 0x4d4d) || tiff.getUint16(2, little) !== 42) return null
  const gps = entries(tiff, tiff.getUint32(4, little), little).get(GPS)
  if (gps === undefined) return null
  const found = entries(tiff, tiff.getUint32(gps + 8, little), little)
  const letter = (tag) => String.fromCharCode(tiff.getUint8(found.get(tag) + 8))
  const angle = (tag) => {
    const at = tiff.getUint32(found.get(tag) + 8, little)
    return [0, 8, 16].map((n) => tiff.getUint32(at + n, little) / tiff.getUint32(at + n + 4, little))
  }
  if (![1, 2, 3, 4].every((tag) => found.has(tag))) return null
  return { up: letter(1), lat: angle(2), across: letter(3), lon: angle(4) }
}

/** Tag → where its twelve bytes stand. */
function entries(tiff, at, little) {
  const count = Math.min(tiff.getUint16(at, little), 200)
  const places = Array.from({ length: count }, (_none, n) => at + 2 + n * 12)
  return new Map(places.map((place) => [tiff.getUint16(place, little), place]))
}

function position({ up, lat, across, lon }) {
  if (!"NS".includes(up) || !"EW".includes(across)) return null
  const [y, x] = [degrees(lat), degrees(lon)]
  if (!(y <= 90 && x <= 180) || (y < 0.01 && x < 0.01)) return null
  return [across === "W" ? -x : x, up === "S" ? -y : y]
}

const degrees = ([d, m, s]) => d + m / 60 + s / 3600
