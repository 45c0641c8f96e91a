#!/bin/sh
# Where the image starts: sees to the learner's own copy of the course, then runs what it was told to, or a server.
set -eu
image=/opt/unrolled
course="$HOME/unrolled"

# A whole copy but for the packages, which stay in the image and are linked to.
lay_out() {
  rm -rf "$course.new"
  mkdir -p "$course.new/node_modules"
  tar -C "$image" --exclude=./node_modules -cf - . | tar -C "$course.new" -xf -
  ln -s "$image"/node_modules/* "$image"/node_modules/.package-lock.json "$course.new/node_modules/"
  ln -sfn ../lib "$course.new/node_modules/unrolled"
}

if [ ! -e "$course" ]; then
  lay_out
  mv "$course.new" "$course"
elif ! cmp -s "$image/.image" "$course/.image"; then # a newer image: answers move into its exercises, the rest is kept aside
  lay_out
  before="$course-until-$(date +%Y-%m-%d-%H%M%S)"
  mv "$course" "$before"
  mv "$course.new" "$course"
  if [ -d "$before/.unrolled" ]; then cp -r "$before/.unrolled" "$course/"; fi
  (cd "$course" && node lib/bin/unrolled.mjs update --from "$before") || echo "Your notebooks are in $before" >&2
fi

if [ $# -gt 0 ]; then exec "$@"; fi
if [ -n "${JUPYTERHUB_API_TOKEN:-}" ]; then exec jupyterhub-singleuser; fi
exec jupyter lab --ip=0.0.0.0 --no-browser --LabApp.default_url=/lab/tree/unrolled/notebooks
