import { useToast } from '@nuxt/ui/composables'
import type { ErrorShape } from '../shared/errors'
import { copyText } from './clipboard'
import { asFailure, failureText } from './failure'

interface Answer {
  readonly label: string
  readonly run: () => void
}

interface Report {
  failure(failure: ErrorShape): void
  done(title: string, description?: string, action?: { label: string; run: () => void }): void
  /** A question that stays until it is answered, closed, or taken back by the function that is returned. */
  ask(title: string, description: string, answers: readonly Answer[]): () => void
  /** Runs an action whose failure is shown in a toast; `null` if it failed. */
  orToast<T>(action: () => Promise<T>): Promise<T | null>
}

/** Short messages in the corner of the window, for failures outside a form. */
export function useReport(): Report {
  const toast = useToast()

  const failure = (shape: ErrorShape): void => {
    if (shape.code === 'CANCELLED') return
    toast.add({
      title: shape.message,
      description: shape.next,
      color: 'error',
      icon: 'i-lucide-circle-alert',
      duration: 15_000,
      actions: [
        {
          label: 'Copy',
          icon: 'i-lucide-copy',
          color: 'neutral',
          variant: 'outline',
          onClick: () => void copyText(failureText(shape)),
        },
      ],
    })
  }

  return {
    failure,
    done(title, description, action) {
      toast.add({
        title,
        ...(description ? { description } : {}),
        color: 'success',
        icon: 'i-lucide-circle-check',
        ...(action
          ? { actions: [{ label: action.label, color: 'neutral', variant: 'outline', onClick: action.run }] }
          : {}),
      })
    },
    ask(title, description, answers) {
      const close = (): void => toast.remove(id)
      const { id } = toast.add({
        title,
        description,
        color: 'warning',
        icon: 'i-lucide-circle-pause',
        duration: 0,
        actions: answers.map(({ label, run }, index) => ({
          label,
          color: index === 0 ? 'primary' : 'neutral',
          variant: index === 0 ? 'solid' : 'outline',
          onClick: () => {
            close()
            run()
          },
        })),
      })
      return close
    },
    async orToast(action) {
      try {
        return await action()
      } catch (error) {
        failure(asFailure(error))
        return null
      }
    },
  }
}
