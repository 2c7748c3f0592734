# Some targets of C.
printf 'cmake_minimum_required(VERSION 3.10)\nproject(sample C)\nadd_library(sample' > CMakeLists.txt
for n in 1 2 3 4 5 6 7; do
  echo "int part$n(void) { return $n; }" > "part$n.c"
  printf ' part%s.c' "$n" >> CMakeLists.txt
done
echo ')' >> CMakeLists.txt
