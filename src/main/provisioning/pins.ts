import type pins from '../../../resources/native-runtime.json'

/** What a CUDA build is made of: wheels by name, version and SHA-256 (resources/native-runtime.json). */
export type CudaPins = Pick<typeof pins.cuda, 'title' | 'pipPlatforms' | 'pipPython' | 'wheels'>
/** `bytes` of the wheel itself, `unpacked` of what is taken out of it. */
export type PinnedWheel = (typeof pins.cuda.wheels)[number]
