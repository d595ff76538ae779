// Where and when a photo was taken, read on the device: the copy that is sent has forgotten it. Pure.

export const HEAD = 256 * 1024 // bytes of a file in which cameras write it
const GPS = 0x8825
const SHOT = 0x8769 // the directory with when and how it was taken
const MARK = [0x45, 0x78, 0x69, 0x66, 0, 0] // "Exif", before the TIFF header in JPEG, HEIC and WebP

/** [lon, lat] in degrees, or null: nothing noted, not readable, 0/0, or off the globe. */
export function positionIn(bytes) {
  const noted = firstIn(bytes, gpsOf)
  return noted && position(noted)
}

/** When it was taken, in milliseconds since 1970, or null. A camera without an offset: as here. */
export function takenIn(bytes) {
  const noted = firstIn(bytes, dateOf)
  const found = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(noted?.date ?? "")
  if (!found) return null
  const offset = /^[+-]\d\d:\d\d/.exec(noted.offset)?.[0] ?? ""
  const moment = Date.parse(`${found[1]}-${found[2]}-${found[3]}T${found[4]}${offset}`)
  return Number.isNaN(moment) ? null : moment
}

/** What `read` finds behind the first mark where it finds anything. */
function firstIn(bytes, read) {
  for (let at = 0; at + 14 < bytes.length; at++) {
    if (!MARK.every((byte, i) => bytes[at + i] === byte)) continue
    try {
      const noted = read(new DataView(bytes.buffer, bytes.byteOffset + at + MARK.length))
      if (noted) return noted
    } catch (error) {
      if (!(error instanceof RangeError)) throw error // it leads beyond the file
    }
  }
  return null
}

/** The first directory and the byte order, or null where it is no TIFF. */
function opened(tiff) {
  const order = tiff.getUint16(0)
  const little = order === 0x4949
  if ((!little && order !== 0x4d4d) || tiff.getUint16(2, little) !== 42) return null
  return { little, first: entries(tiff, tiff.getUint32(4, little), little) }
}

/** { date: "2026:11:22 07:30:00", offset: "+01:00" }, the offset perhaps empty. */
function dateOf(tiff) {
  const { little, first } = opened(tiff) ?? {}
  const shot = first?.get(SHOT)
  if (shot === undefined) return null
  const found = entries(tiff, tiff.getUint32(shot + 8, little), little)
  const text = (tag, length) => {
    if (!found.has(tag)) return ""
    const at = tiff.getUint32(found.get(tag) + 8, little)
    return Array.from({ length }, (_none, n) => String.fromCharCode(tiff.getUint8(at + n))).join("")
  }
  return { date: text(0x9003, 19), offset: text(0x9011, 6) }
}

/** The four entries that make a position: { 1: "N", 2: [d, m, s], 3: "E", 4: [d, m, s] }. */
function gpsOf(tiff) {
  const { little, first } = opened(tiff) ?? {}
  const gps = first?.get(GPS)
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
