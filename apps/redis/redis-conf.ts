/** The text of `redis.conf`. It keeps data over restarts, and stays below the container's memory limit. */
export function redisConf(port: number, password: string): string {
  return [
    'bind 0.0.0.0',
    'protected-mode yes',
    `port ${port}`,
    `requirepass ${password}`,
    'dir /data',
    'appendonly yes',
    'appendfsync everysec',
    'save 900 1',
    'save 300 10',
    'maxmemory 192mb',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}
