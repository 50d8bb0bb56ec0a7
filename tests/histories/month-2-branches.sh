# A month, second part: two people on branches that both record, and each way to join these.
. "$(dirname "${BASH_SOURCE[0]}")/month.bash"

join() { settled git merge --no-edit "$@"; }

on 2026-04-01 Ada
claim ants "Ants" "Ants can lift 50 times their weight."
claim bees "Bees" "Bees can count to four."
claim cats "Cats" "Cats sleep most of the day."
claim dogs "Dogs" "Dogs smell fear."
claim eels "Eels" "Eels swim to Bermuda."
vaultsync init --hook > ../said 2>&1
once "The first five"

title "two record on one day, beside each other in the lock"
git branch ben
on 2026-04-02 Ada
claim ants "Ants" "Ants can lift 20 times their weight."
claim bats "Bats" "Bats hear shapes."
once "Ada's day"
git checkout --quiet ben
on 2026-04-02T13:00+0000 Ben
claim bees "Bees" "Bees can count to five."
claim bugs "Bugs" "Bugs are many."
once "Ben's day"
git checkout --quiet main
on 2026-04-03 Ada
join ben

title "two record the same note on one day"
on 2026-04-04 Ada
git checkout --quiet -B ben
claim cats "Cats" "Cats sleep half of the day."
once "Ben on cats"
git checkout --quiet main
claim cats "Cats" "Cats sleep most of the night."
once "Ada on cats"
on 2026-04-05 Ada
git merge --no-edit ben > ../said 2>&1 || conflicts
claim cats "Cats" "Cats sleep half of the night."
mend "Merge Ben's cats"
green

title "a branch that did not record is merged, and its note was reworded here"
git checkout --quiet -B ben
on 2026-04-06 Ben
sed -i.old 's/fear/joy/' Claims/dogs.md && rm Claims/*.old
claim frogs "Frogs" "Frogs drink through their skin."
phone
git checkout --quiet main
on 2026-04-07 Ada
claim gnats "Gnats" "Gnats live a week."
once "Gnats"
on 2026-04-08 Ada
join ben

title "rebase"
git checkout --quiet -B ben
on 2026-04-09 Ben
claim hens "Hens" "Hens dream."
once "Hens"
git checkout --quiet main
on 2026-04-09 Ada
claim ibex "Ibexes" "Ibexes climb dams."
once "Ibexes"
git checkout --quiet ben
on 2026-04-10 Ben
if ! git rebase main > ../said 2>&1; then
  conflicts
  vaultsync index > ../said 2>&1
  vaultsync changelog > ../said 2>&1
  git add --all
  GIT_EDITOR=true git rebase --continue > ../said 2>&1
fi
clean
green
git checkout --quiet main
git merge --quiet --ff-only ben
green

title "squash"
git checkout --quiet -B ben
on 2026-04-11 Ben
claim jays "Jays" "Jays plan ahead."
once "Jays"
on 2026-04-12 Ben
claim jays "Jays" "Jays may plan ahead."
once "Jays may"
git checkout --quiet main
on 2026-04-12 Ada
claim kiwis "Kiwis" "Kiwis sniff."
once "Kiwis"
on 2026-04-13 Ada
git merge --squash ben > ../said 2>&1 || conflicts
mend "Ben's jays, squashed"
green

title "octopus"
on 2026-04-14 Ben
for name in lice mice; do
  git checkout --quiet -B "on-$name" main
  claim "$name" "About $name" "There are many $name."
  once "$name"
done
git checkout --quiet main
on 2026-04-15 Ada
git merge --no-edit on-lice on-mice > ../said 2>&1 || echo "octopus refused"
git reset --quiet --hard
for name in lice mice; do
  join "on-$name"
done
git checkout --quiet -B quiet-1
on 2026-04-16 Ben
claim owls "Owls" "Owls turn their heads."
phone
git checkout --quiet -B quiet-2 main
claim pigs "Pigs" "Pigs are clever."
phone
git checkout --quiet main
on 2026-04-17 Ada
join quiet-1 quiet-2
on 2026-04-18 Ada
claim quails "Quails" "Quails call."
once "Quails"
green

title "cherry-pick"
git checkout --quiet -B ben
on 2026-04-19 Ben
claim rats "Rats" "Rats laugh."
once "Rats"
claim seals "Seals" "Seals sing."
once "Seals"
git checkout --quiet main
on 2026-04-20 Ada
settled git cherry-pick ben

title "a merge that is reverted"
git checkout --quiet -B ben
on 2026-04-21 Ben
claim toads "Toads" "Toads are frogs."
claim eels "Eels" "Eels swim to Panama."
once "Toads"
git checkout --quiet main
join --no-ff ben
on 2026-04-22 Ada
git revert --no-edit --mainline 1 HEAD > ../said 2>&1
clean
green

title "ours"
git checkout --quiet -B ben
on 2026-04-23 Ben
claim vipers "Vipers" "Vipers wait."
once "Vipers"
git checkout --quiet main
on 2026-04-24 Ada
claim wasps "Wasps" "Wasps know faces."
once "Wasps"
join --strategy ours ben

title "theirs"
git checkout --quiet -B ben
on 2026-04-25 Ben
claim wasps "Wasps" "Wasps may know faces."
once "Ben on wasps"
git checkout --quiet main
on 2026-04-25 Ada
claim wasps "Wasps" "Wasps forget faces."
once "Ada on wasps"
on 2026-04-26 Ada
join -X theirs ben
on 2026-04-27 Ada
claim yaks "Yaks" "Yaks are warm."
once "Yaks"
green

title "renamed here, reworded there; retired here, removed there"
git checkout --quiet -B ben
on 2026-04-28 Ben
sed -i.old 's/Yaks are/Yaks may be/' Claims/yaks.md && rm Claims/*.old
reset pigs status retired
once "Ben on yaks and pigs"
git checkout --quiet main
on 2026-04-28 Ada
git mv Claims/yaks.md Claims/oxen.md
rm Claims/pigs.md
once "Oxen, no pigs"
on 2026-04-29 Ada
git merge --no-edit ben > ../said 2>&1 || conflicts
git rm --quiet --force Claims/pigs.md 2> ../said || true
mend "Merge Ben's yaks"
green
finish
