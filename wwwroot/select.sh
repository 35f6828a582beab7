#!/bin/sh
# Selects the BPF object of this bundle that was relocated for the running kernel. POST /v1/bundles of a Relo server inserts the kernels.
#
#   sh select.sh                                  prints the path of the object
#   sh select.sh -o /var/lib/tracer/tracer.relocated.bpf.o  copies it there
#
# Needs a POSIX sh, no network, and sha256sum, openssl or shasum: the object's digest is checked; --verify-key needs openssl. It never selects an object for another kernel: if several
# kernels have this release and their objects differ, os-release decides; if it cannot, nothing is selected.
#
# Exit status, as in fetch.sh
#   0  the object is selected
#   2  wrong usage, or FILE is an original object and would be lost
#   3  the bundle has no object for this kernel, or several
#   4  the object cannot be used on this kernel: libbpf would refuse it, or failOn excludes its outcome
#   5  the object is missing from the bundle, or its digest is wrong
#   6  FILE could not be written
#   7  a required program is missing
#   9  --verify-key: no signed statement says that this is an object for this kernel
set -uf
LC_ALL=C # bytes are characters, and other programs' messages are the same everywhere
export LC_ALL
me=select.sh

usage() {
	cat <<'END'
usage: select.sh [option ...]
  -o, --output FILE    copy the object there, in one step (default: print its path)
  -k, --kernel TEXT    the kernel: a release (default: uname -r), or distro/version/arch/release
  --arch TEXT          its architecture (default: uname -m)
  --distro TEXT        ID of os-release (default: that of this machine; '' = any)
  --version TEXT       VERSION_ID of os-release (default: that of this machine; '' = any)
  --verify-key FILE    public keys in PEM: select an object only if one of them signed its statement in the bundle
  -q, --quiet          print nothing unless something fails
Environment: RELO_OS_RELEASE (default /etc/os-release)
END
}

# A kernel per line: distro, version, arch, release, digest of its object, and what the object needs and the kernel lacks; or - and the reason
# why it has none.
kernels() {
	cat <<'END'
#KERNELS
END
}

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/verify.sh"
# The value of a variable of os-release, which is a shell script: sourced in a subshell.
os_release() {
	file=${RELO_OS_RELEASE:-/etc/os-release}
	[ -r "$file" ] || [ -n "${RELO_OS_RELEASE:-}" ] || file=/usr/lib/os-release
	[ -r "$file" ] || return 0
	(
		unset "$1"
		set +u
		. "$file" >/dev/null 2>&1
		eval "printf '%s' \"\${$1-}\""
	)
}

lower() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }

# The spellings of the archive, which writes them into the script.
arch_of() {
	case $(lower "$1") in
#ARCHITECTURES
	*) lower "$1" ;;
	esac
}

distro_of() {
	case $(lower "$1") in
#DISTRIBUTIONS
	*) lower "$1" ;;
	esac
}

# The lines on standard input with this distro, version, arch and release; '' is any.
only() {
	while read -r d v a r rest; do
		[ -z "$1" ] || [ "$d" = "$1" ] || continue
		[ -z "$2" ] || [ "$v" = "$2" ] || continue
		[ -z "$3" ] || [ "$a" = "$3" ] || continue
		[ -z "$4" ] || [ "$r" = "$4" ] || continue
		printf '%s\n' "$d $v $a $r $rest"
	done
}

# Distributions rebuilt from Red Hat's source: their kernels with the same release are the same.
rebuilds() {
	case ' @REBUILDS@ ' in *" $distro "*) ;; *) return ;; esac
	case $kernel in *uek* | *.elrepo* | *.lve.*) return ;; *.el*) ;; *) return ;; esac
	for d in @REBUILDS@; do printf '%s\n' "$1" | only "$d" '' '' ''; done
}

# The kernels of this version, or of the version under which archives file it: 7.9 under 7, Amazon's 2018.03 under 1.
of_version() {
	tries=$version
	case $distro:$version in amzn:2018.03 | :2018.03) tries="$tries 1" ;; esac
	case $version in ?*.*) tries="$tries ${version%%.*}" ;; esac
	for try in ${tries:-any}; do
		[ "$try" != any ] || try=''
		found=$(printf '%s\n' "$1" | only "$distro_only" "$try" '' '')
		[ -z "$found" ] || break
	done
	printf '%s' "$found"
}

ids() {
	while read -r d v a r rest; do [ -z "$d" ] || printf ' %s' "$d/$v/$a/$r"; done <<END
$1
END
}

# Sets $digest, and $lacking to what the kernel lacks.
pick() {
	known=$(kernels | grep -F -e " $kernel " | only '' '' "$arch" "$kernel")
	[ -n "$known" ] || fail 3 "the bundle has no kernel '$kernel'${arch:+ for $arch}"
	distro_only=$distro
	left=$(of_version "$known")
	if [ -z "$left" ] && [ -n "$distro" ]; then
		family=$(rebuilds "$known") distro_only=''
		[ -z "$family" ] || left=$(of_version "$family")
	fi
	[ -n "$left" ] || fail 3 "the bundle has '$kernel' not for ${distro:-any distribution} ${version:-any version}, but:$(ids "$known"); choose with --distro and --version"
	digest='' lacking=''
	while read -r d v a r of reason; do
		[ -z "$digest" ] || [ "$digest" = "$of" ] || fail 3 "several kernels '$kernel' differ:$(ids "$left"); choose with --kernel, --arch, --distro and --version"
		digest=$of lacking=${reason:-$lacking} id=$d/$v/$a/$r
	done <<END
$left
END
	[ "$digest" != - ] || fail 4 "the object cannot be used on$(ids "$left"): $lacking"
}

# Whether a key signed that the object is for this kernel.
check_statement() {
	[ -n "$verify_key" ] || return 0
	[ -f "$object.dsse.json" ] || fail 9 "$object.dsse.json is missing from the bundle"
	verify "$object.dsse.json" "$1" '' || fail 9 "$why"
	case ",$kernels," in *",\"$id\","*) ;; *) fail 9 "the statement is for $kernels, not for $id" ;; esac
}

# Everything is in functions that the last line calls: a truncated script does nothing.
main() {
	output='' verify_key='' quiet='' kernel=$(uname -r) arch=$(uname -m) distro=$(os_release ID) version=$(os_release VERSION_ID)
	while [ $# -gt 0 ]; do
		case $1 in
		-o | --output | -k | --kernel | --arch | --distro | --version | --verify-key)
			[ $# -ge 2 ] || fail 2 "$1 needs a value"
			case $1 in
			-o | --output) output=$2 ;;
			-k | --kernel)
				kernel=$2
				case $kernel in
				*/*/*/*)
					distro=${kernel%%/*} kernel=${kernel#*/}
					version=${kernel%%/*} kernel=${kernel#*/}
					arch=${kernel%%/*} kernel=${kernel#*/} ;;
				esac ;;
			--arch) arch=$2 ;;
			--distro) distro=$2 ;;
			--version) version=$2 ;;
			--verify-key) verify_key=$2 ;;
			esac
			shift ;;
		-q | --quiet) quiet=1 ;;
		-h | --help) usage; exit 0 ;;
		*) usage >&2; fail 2 "unknown option $1" ;;
		esac
		shift
	done
	[ -n "$kernel" ] || fail 2 "which kernel?"
	digest_of /dev/null >/dev/null || fail 7 "none of sha256sum, openssl, shasum is installed to check the digest"
	check_verify_key
	arch=$(arch_of "$arch") distro=$(distro_of "$distro") version=$(lower "$version")

	pick
	[ -z "$lacking" ] || say "warning: $kernel lacks what the object needs, so it will not load: $lacking"
	object=$(dirname "$0")/objects/$digest.bpf.o
	[ -f "$object" ] || fail 5 "$object is missing from the bundle"
	if [ -z "$output" ]; then
		found=$(digest_of "$object")
		[ "$found" = "$digest" ] || fail 5 "$object has sha256 $found, expected $digest"
		if [ -n "$verify_key" ]; then
			work=$(mktemp -d) || fail 6 "nothing can be written to a temporary folder"
			trap 'rm -rf "$work"' EXIT
			trap 'exit 130' INT TERM HUP
			check_statement "$object"
		fi
		printf '%s\n' "$object"
		return
	fi

	# In the folder of FILE, so that a rename gives it its name.
	[ ! -d "$output" ] || fail 6 "$output is a folder"
	spare_original "$output"
	work=$(mktemp -d "$(dirname "$output")/.select.XXXXXX") || fail 6 "nothing can be written beside $output"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	cat "$object" >"$work/object" || fail 6 "$output cannot be written"
	found=$(digest_of "$work/object")
	[ "$found" = "$digest" ] || fail 5 "$object has sha256 $found, expected $digest"
	check_statement "$work/object"
	chmod 644 "$work/object" && mv -f "$work/object" "$output" || fail 6 "$output cannot be written"
	say "$output is the object for $kernel, sha256:$digest"
}

main "$@"
