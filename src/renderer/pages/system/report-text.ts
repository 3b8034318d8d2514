import type { About, DoctorReport } from '../../../shared/system'

/** The System page as plain text, for a message to a colleague or an issue. It contains the library folder, but no data. */
export function reportText(about: About, doctor: DoctorReport): string {
  const checks = doctor.checks.map(({ ok, title, value, reason, fix }) =>
    [`${ok ? 'ok  ' : 'FAIL'} ${title}: ${value}`, reason && `     ${reason}`, fix && `     ${fix}`]
      .filter(Boolean)
      .join('\n'),
  )
  const backends = doctor.backends.map(({ title, version, available, inUse, reason }) =>
    [`${inUse ? 'used' : available ? 'ok  ' : 'none'} ${title} ${version}`.trimEnd(), reason && `     ${reason}`]
      .filter(Boolean)
      .join('\n'),
  )
  return [
    `VASP Studio ${about.version}, ${about.host}, ${about.platform}`,
    `Library ${about.library}${about.readOnly ? ' (read-only)' : ''}`,
    '',
    ...checks,
    '',
    ...backends,
  ].join('\n')
}
