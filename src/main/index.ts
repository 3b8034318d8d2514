import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outliveStandardError } from './jobs/log'
import { makePrivateFiles } from './jobs/private-files'
import { startStudio } from './shell/studio'

makePrivateFiles()
outliveStandardError()
startStudio(dirname(fileURLToPath(import.meta.url)))
