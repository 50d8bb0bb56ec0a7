# A month, first part: one person commits through git's own hook, and from a phone past it.
. "$(dirname "${BASH_SOURCE[0]}")/month.bash"
on 2026-03-01 Ada
claim ants "Ants" "Ants can lift 50 times their weight."
claim bees "Bees" "Bees can count to four."
claim cats "Cats" "Cats sleep most of the day."
vaultsync init --hook > ../said 2>&1
once "The first three"

on 2026-03-02 Ada
claim dogs "Dogs" "Dogs smell fear."
once "A note"
for word in may can may; do
  claim bees "Bees" "Bees $word count to four."
  once "Bees $word count"
done

on 2026-03-03 Ada
for word in may can; do
  claim ants "Ants" "Ants $word lift 50 times their weight."
  once "Ants $word lift"
done
claim bees "Bees" "Bees can count to four."
once "Bees can count"

# A note that a day makes and unmakes; one that it retires and takes back.
on 2026-03-04 Ada
claim eels "Eels" "Eels swim to Bermuda."
once "Eels"
reset cats status retired
once "Retire the cats"
rm Claims/eels.md
once "No eels"
reset cats status held
once "Take back the cats"

on 2026-03-05 Ada
reset dogs status retired
once "Retire the dogs"
claim frogs "Frogs" "Frogs drink through their skin."
section frogs Sources "original: [F](https://example.org/frogs), Lee 2024"
section frogs Related "[[bees]]: both are small"
once "Frogs"

# Renamed twice in a day, and reworded between.
on 2026-03-06 Ada
git mv Claims/frogs.md Claims/toads.md
once "Frogs are toads"
sed -i.old 's/drink/breathe/' Claims/toads.md && rm Claims/*.old
once "Toads breathe"
git mv Claims/toads.md Claims/anurans.md
once "Toads are anurans"

on 2026-03-07 Ada
mkdir Claims/Insects
git mv Claims/ants.md Claims/bees.md Claims/Insects/
once "A folder for insects"

# A note is split in two; later two become one.
on 2026-03-08 Ada
claim cats "Cats" "Cats sleep by day."
claim lions "Lions" "Lions sleep most of the day."
once "Split the cats"
on 2026-03-09 Ada
rm Claims/lions.md
claim cats "Cats" "Cats, and lions, sleep most of the day." "aliases: [Lions]"
once "Merge the lions into the cats"

on 2026-03-10 Ada
claim gnats "Gnats" "Gnats live a week."
claim hens "Hens" "Hens dream."
once "Gnats and hens"
on 2026-03-11 Ada
claim gnats "Gnats" "Gnats live a week." "publish: false"
reset hens status draft
once "Gnats are private, hens a draft"
on 2026-03-12 Ada
claim gnats "Gnats" "Gnats live a week."
reset hens status held
once "Both are back"

# Front matter that cannot be read for a while.
on 2026-03-13 Ada
sed -i.old 's/^title: .*/title: [Hens/' Claims/hens.md && rm Claims/*.old
phone
on 2026-03-14 Ada
claim dogs "Dogs" "Dogs smell fear, and joy."
once "Dogs, while the hens cannot be read" 
claim hens "Hens" "Hens dream at night."
once "Mend the hens"

# From a phone, on several days; the next commit at the desk records them.
on 2026-03-15T22:30+0100 Ada
claim ibex "Ibexes" "Ibexes climb dams."
phone
on 2026-03-16T08:00+0100 Ada
claim ibex "Ibexes" "Ibexes can climb dams."
phone
claim jays "Jays" "Jays plan ahead."
phone
on 2026-03-17 Ada
git mv Claims/jays.md Claims/corvids.md
claim ibex "Ibexes" "Ibexes may climb dams."
phone
on 2026-03-18 Ada
claim kiwis "Kiwis" "Kiwis sniff."
once "Kiwis"

# The phone's clock is wrong: in the future, then in the past.
on 2030-01-01 Ada
claim lice "Lice" "Lice are picky."
phone
on 1970-01-01 Ada
claim mice "Mice" "Mice sing."
phone
on 2026-03-19 Ada
claim newts "Newts" "Newts regrow eyes."
once "Newts"

# Undone, amended, put aside.
on 2026-03-20 Ada
git revert --no-edit HEAD > ../said 2>&1
clean
git revert --no-edit HEAD > ../said 2>&1
clean
claim newts "Newts" "Newts regrow legs and eyes."
git stash --quiet
claim mice "Mice" "Mice sing in duets."
once "Duets"
git stash pop --quiet
git add --all
git commit --quiet --amend --message "Duets, legs and eyes" > ../said 2>&1
clean

on 2026-03-21 Ada
claim owls "Owls" "Owls turn their heads."
phone
on 2026-03-22 Ada
git revert --no-edit HEAD > ../said 2>&1
clean
git cherry-pick HEAD~1 > ../said 2>&1
clean

# Two hundred commits in a day, of which the hook sees the last.
on 2026-03-23 Ada
for number in {1..198}; do
  claim owls "Owls" "Owls turn their heads by $number degrees."
  ((number % 10)) || claim "pig$((number / 10))" "Pig $((number / 10))" "Pigs are clever in $number ways."
  phone "Sync $number"
done
claim owls "Owls" "Owls turn their heads by 270 degrees."
rm Claims/pig{1..18}.md
phone
claim quails "Quails" "Quails call."
once "The last of 200"
finish
