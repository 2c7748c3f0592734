# deaf.sh OUTPUT: writes the half of a result, leaves grandchildren that ignore SIGTERM, one of them in a session
# of its own, and waits.
printf half >"$1"
sh -c 'trap "" TERM; sleep 600 & setsid sleep 600 & wait' >/dev/null 2>&1 &
echo ready
sleep 600
