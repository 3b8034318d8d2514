import type pins from '../../../resources/native-runtime.json'

/** The wheels of a CUDA build, by name, version and SHA-256 (resources/native-runtime.json). */
export type CudaPins = Pick<typeof pins.cuda, 'title' | 'pipPlatforms' | 'pipPython' | 'wheels'>
/** `bytes` of the wheel itself, `unpacked` of the extracted files. */
export type PinnedWheel = (typeof pins.cuda.wheels)[number]
