import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makePrivateFiles } from './jobs/private-files'
import { startStudio } from './shell/studio'

makePrivateFiles()
startStudio(dirname(fileURLToPath(import.meta.url)))
