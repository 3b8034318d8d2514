import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startStudio } from './shell/studio'

startStudio(dirname(fileURLToPath(import.meta.url)))
