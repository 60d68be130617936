/** Takes a lock on a whole open file. @returns whether it was free; null where there is no such lock */
export type KernelLock = (fd: number) => boolean | null;

/** Errors of file systems that have no locks, or whose server keeps none. */
const WITHOUT_LOCKS = ['ENOLCK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

/** Loading it ends a process of Deno, which lacks functions of libuv. */
const isLoadable = process.versions.deno === undefined;

/** Compiled for common platforms only; elsewhere the content of the lock file decides. */
const native: { tryLock(fd: number): boolean } | null = isLoadable
  ? // @ts-expect-error it has no types
    await import('fs-native-extensions').catch(() => null)
  : null;

/**
 * An exclusive lock that the kernel keeps until the file is closed, by the process or by its end. It belongs to the file,
 * so host names and process numbers do not matter: containers that share a volume see each other.
 */
export const lockFile: KernelLock = (fd) => {
  if (native === null) return null;
  try {
    return native.tryLock(fd);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EACCES', 'EBUSY'].includes(code)) return false;
    if (WITHOUT_LOCKS.includes(code)) return null;
    throw error;
  }
};

/**
 * Types of file systems that one kernel alone writes to (Linux: statfs(2)), where its lock is the whole truth. A network
 * file system may keep locks on each machine by itself.
 */
const LOCAL = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlay
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0xca451a4e, // bcachefs
  0x4d44, // FAT
  0x2011bab0, // exFAT
  0x7366746e, // NTFS
]);

/** Whether the lock of one kernel is enough on a file system. @param type  of it, by `statfs` */
export function isLocal(type: number): boolean {
  return process.platform === 'linux' && LOCAL.has(type);
}
