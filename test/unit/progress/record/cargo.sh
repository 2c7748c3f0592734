# A workspace of small crates that depend on each other, so that its build has steps.
mkdir crates
printf '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n' > Cargo.toml
for n in 1 2 3 4 5 6; do
  mkdir -p "crates/part$n/src"
  printf '[package]\nname = "part%s"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n' "$n" > "crates/part$n/Cargo.toml"
  [ "$n" = 1 ] || echo "part$((n - 1)) = { path = \"../part$((n - 1))\" }" >> "crates/part$n/Cargo.toml"
  echo "pub fn number() -> u32 { $n }" > "crates/part$n/src/lib.rs"
done
