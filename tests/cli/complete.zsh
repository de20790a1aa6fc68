# complete.zsh FOLDER LINE EXPECTED - types LINE and a tab into a zsh of its own
# whose completions come from FOLDER; ends with 0 once EXPECTED stands there.
zmodload zsh/zpty || exit 77
zpty shell zsh -f -i
zpty -w shell "PS1='> '; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; stty cols 150"
zpty -w shell "print rea''dy"

# wait_for TEXT: until the terminal shows it, ten seconds at most.
wait_for() {
  local screen= piece i
  for ((i = 0; i < 200; i++)); do
    while zpty -r -t shell piece; do screen+=$piece; done
    [[ $screen == *"$1"* ]] && return 0
    sleep 0.05
  done
  print -ru2 -- "\"$1\" did not come: ${(V)screen}"
  return 1
}

wait_for ready || exit 1
zpty -w -n shell "$2"$'\t'
wait_for "$3"
