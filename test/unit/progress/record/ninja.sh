# Steps that take a moment.
printf 'rule wait\n  command = sleep 0.1 && touch $out\n  description = Making $out\n' > build.ninja
for n in 1 2 3 4 5 6 7 8; do echo "build part$n: wait" >> build.ninja; done
