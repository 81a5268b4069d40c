"""The limiter's steps that must not be torn apart, as Lua for the shared store.

Every script takes `now` in milliseconds, or -1 for the store's own clock: one clock for all
processes. Keys expire by spans, not instants, so that a pretended clock works too.
"""

_NOW = """
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
"""

# Keys: tenant calls, tenant slots, tenant hold, app calls, app hold, calls of the day (prefix).
# Answers: granted (0 or 1), now, when to ask again, what stands in the way.
ACQUIRE = (
    _NOW
    + """
local lease, window, per_minute, at_once, app_per_minute, lease_life, poll =
  ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]),
  tonumber(ARGV[7]), tonumber(ARGV[8])
for _, hold in ipairs({KEYS[3], KEYS[5]}) do
  local held_until = tonumber(redis.call('HGET', hold, 'until') or '0')
  if held_until > now then
    return {0, now, held_until, redis.call('HGET', hold, 'problem')}
  end
end
local function full(calls, limit)
  redis.call('ZREMRANGEBYSCORE', calls, '-inf', now - window)
  if redis.call('ZCARD', calls) < limit then return nil end
  return tonumber(redis.call('ZRANGE', calls, 0, 0, 'WITHSCORES')[2]) + window
end
local again = full(KEYS[1], per_minute)
if again then return {0, now, again, 'minute'} end
again = full(KEYS[4], app_per_minute)
if again then return {0, now, again, 'app'} end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= at_once then return {0, now, now + poll, 'concurrent'} end
redis.call('ZADD', KEYS[1], now, lease)
redis.call('ZADD', KEYS[4], now, lease)
redis.call('ZADD', KEYS[2], now + lease_life, lease)
redis.call('PEXPIRE', KEYS[1], window * 2)
redis.call('PEXPIRE', KEYS[4], window * 2)
redis.call('PEXPIRE', KEYS[2], lease_life * 2)
local made = KEYS[6] .. ':' .. math.floor(now / 86400000)
redis.call('INCR', made)
redis.call('PEXPIRE', made, 172800000)
return {1, now, now, ''}
"""
)

# Keys: tenant slots. A lease that is already gone is not made anew.
RENEW = (
    _NOW
    + """
return redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[3]), ARGV[2])
"""
)

# Keys: what was learnt, the hold to set (tenant's or app's). A hold is only ever made longer.
OBSERVE = (
    _NOW
    + """
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'minute', ARGV[2], 'minute_at', now) end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'day', ARGV[3]) end
redis.call('PEXPIRE', KEYS[1], 86400000)
local span = tonumber(ARGV[4])
if span > 0 then
  local held_until = now + span
  if held_until > tonumber(redis.call('HGET', KEYS[2], 'until') or '0') then
    redis.call('HSET', KEYS[2], 'until', held_until, 'problem', ARGV[5])
    redis.call('PEXPIRE', KEYS[2], span * 2)
  end
end
return now
"""
)

# Keys: tenant calls, what was learnt, calls of the day (prefix).
# Answers: calls in the window, calls today, minute remaining and its age, day remaining.
SHOW = (
    _NOW
    + """
local learnt = redis.call('HMGET', KEYS[2], 'minute', 'minute_at', 'day')
return {
  redis.call('ZCOUNT', KEYS[1], '(' .. (now - tonumber(ARGV[2])), '+inf'),
  tonumber(redis.call('GET', KEYS[3] .. ':' .. math.floor(now / 86400000)) or '0'),
  tonumber(learnt[1] or '-1'),
  now - tonumber(learnt[2] or '0'),
  tonumber(learnt[3] or '-1')
}
"""
)
