#!/bin/sh
# Checks BPF objects on the kernels of a Relo server, for pipelines: prints the report, and fails if an object would not load on one of them.
#
#   curl -fsS http://relo:8080/relo-check.sh | sh -s -- build/*.bpf.o
#   sh relo-check.sh --distro ubuntu --release '5.*' --sarif relo.sarif build/tracer.bpf.o
#
# Needs a POSIX sh and curl. In a step of GitHub Actions the report is in the summary of the job as well.
#
# Exit status, as in fetch.sh; that of the first object that fails
#   0  every object is usable on all kernels
#   1  the server did not respond, or failed, in all attempts
#   2  wrong usage
#   3  there is no such file, or the server has no such kernel
#   4  refused: an outcome of --fail-on, no BPF object, key missing or wrong
#   6  a report could not be written
#   7  curl is missing
set -u
LC_ALL=C # bytes are characters, and other programs' messages are the same everywhere
export LC_ALL

# The server that this script was downloaded from; RELO_SERVER and --server override it.
BAKED_SERVER=''
me=relo-check.sh

usage() {
	cat <<'END'
usage: relo-check.sh [option ...] OBJECT ...
  OBJECT               a BPF object, as clang wrote it
  -s, --server URL     the server (default: $RELO_SERVER, then where this script came from)
  --distro TEXT        only kernels of this distribution
  --version TEXT       only kernels of this version of it
  --arch TEXT          only kernels of this architecture
  --release PATTERN    only kernels whose release matches: '5.4.*'
  --fail-on OUTCOMES   broken, poisoned, absent, or several with commas (default broken,absent; '' = only report)
  --markdown FILE      append the report as Markdown (default: $GITHUB_STEP_SUMMARY, if it is set)
  --sarif PATH         write SARIF for code review tools: a file, or for several objects a folder
  --attempts N         how often to ask before giving up (default 5, with longer and longer pauses)
  -q, --quiet          print nothing for objects that pass
Environment: RELO_SERVER, RELO_API_KEY (sent as X-Api-Key, to the server only), RELO_TIMEOUT (seconds for each answer; default 300)
END
}

. "$(dirname "$0")/common.sh"
# Sends $object and saves the answer in $part, as the media type $1. Sets $code, 000 without a complete response, and $type.
request() {
	: >"$part"
	# The configuration comes on standard input: every user of the machine can read a command line.
	if answer=$(curl_config "$1" | curl -sS --proto '=http,https' --connect-timeout 10 --max-time "$timeout" --retry $((attempts - 1)) \
		--retry-connrefused -K - 2>"$errors"); then code=${answer%% *} type=${answer#* }; else code=000 type=''; fi
}

curl_config() {
	cat <<END
url = "$(quoted "$url&name=$(encode "$object")")"
data-binary = "@$(quoted "$object")"
header = "Content-Type: application/octet-stream"
header = "Accept: $1"
output = "$(quoted "$part")"
write-out = "%{http_code} %{content_type}"
END
	[ -z "$key" ] || printf 'header = "X-Api-Key: %s"\n' "$(quoted "$key")"
}

# The reports are untrusted: names of an object or of a kernel must not control the terminal, nor give commands to GitHub's runner.
show() {
	token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
	[ -z "${GITHUB_ACTIONS:-}" ] || echo "::stop-commands::$token"
	tr -c '\040-\176\n' '?' <"$part"
	[ -z "${GITHUB_ACTIONS:-}" ] || echo "::$token::"
}

# Checks $object. Sets $result to its exit status.
check() {
	result=0
	[ -f "$object" ] && [ -r "$object" ] || { line "$object: there is no such file"; result=3; return; }
	request text/plain
	case $code in
	200) [ -n "$quiet" ] || show ;;
	422) case $type in
		text/plain*) show; line "$object: refused by --fail-on $fail_on"; result=4 ;;
		*) line "$object: HTTP 422: $(detail)"; result=4; return ;;
		esac ;;
	404 | 409) line "$object: HTTP $code: $(detail)"; result=3; return ;;
	000 | 408 | 429 | 5??) line "$object: HTTP $code: $(detail)"; result=1; return ;;
	*) line "$object: HTTP $code: $(detail)"; result=4; return ;;
	esac
	[ -z "$markdown" ] || report text/markdown "$markdown" append
	[ -z "$sarif" ] || report application/sarif+json "$(sarif_file)" replace
}

# Writes a further report on $object. The answer has the status of --fail-on, too.
report() {
	request "$1"
	case $code-$type in
	200-* | 422-"$1"*) ;;
	*) line "$object: HTTP $code: $(detail)"; result=1; return ;;
	esac
	if [ "$3" = append ]; then { printf '## %s\n\n' "$(title)" && cat "$part" && echo; } >>"$2"; else cat "$part" >"$2"; fi || fail 6 "$2 cannot be written"
}

# The name of the file, without what is markup.
title() { basename "$object" | tr -c 'A-Za-z0-9.\n-' '-'; }

sarif_file() { if [ -d "$sarif" ]; then echo "${sarif%/}/$(basename "$object").sarif"; else echo "$sarif"; fi; }

# Everything is in functions that the last line calls: a truncated script does nothing.
main() {
	server=${RELO_SERVER:-$BAKED_SERVER} quiet='' fail_on=broken,absent markdown=${GITHUB_STEP_SUMMARY:-} sarif='' attempts=5
	timeout=${RELO_TIMEOUT:-300} key=${RELO_API_KEY:-} filter=''
	while [ $# -gt 0 ]; do
		case $1 in
		-s | --server | --distro | --version | --arch | --release | --fail-on | --markdown | --sarif | --attempts)
			[ $# -ge 2 ] || fail 2 "$1 needs a value"
			case $1 in
			-s | --server) server=$2 ;;
			--fail-on) fail_on=$2 ;;
			--markdown) markdown=$2 ;;
			--sarif) sarif=$2 ;;
			--attempts) attempts=$2 ;;
			*) [ -z "$2" ] || filter="$filter&${1#--}=$(encode "$2")" ;;
			esac
			shift 2 ;;
		-q | --quiet) quiet=1; shift ;;
		-h | --help) usage; exit 0 ;;
		--) shift; break ;;
		-*) usage >&2; fail 2 "unknown option $1" ;;
		*) break ;;
		esac
	done
	[ $# -gt 0 ] || { usage >&2; fail 2 "which object?"; }
	for object; do case $object in -*) fail 2 "options precede the objects: $object" ;; esac; done
	[ -n "$server" ] || fail 2 "which server? Set RELO_SERVER or give --server"
	case $server in http://* | https://*) ;; *) fail 2 "the server is '$server', expected http://... or https://..." ;; esac
	case $attempts in '' | *[!0-9]* | 0*) fail 2 "--attempts is '$attempts', expected a number from 1" ;; esac
	for outcome in $(printf '%s' "$fail_on" | tr , ' '); do
		case $outcome in broken | poisoned | absent) ;; *) fail 2 "--fail-on is '$fail_on', expected broken, poisoned or absent" ;; esac
	done
	case $timeout in '' | *[!0-9]* | 0*) fail 2 "RELO_TIMEOUT is '$timeout', expected a number of seconds from 1" ;; esac
	case $key in *[[:cntrl:]]*) fail 2 "RELO_API_KEY has a line break or another control character" ;; esac
	[ $# -eq 1 ] || [ -z "$sarif" ] || mkdir -p "$sarif" || fail 6 "$sarif is no folder, which several objects need"
	has curl || fail 7 "curl is missing"

	[ -z "$fail_on" ] || filter="$filter&failOn=$fail_on"
	url="${server%/}/v1/compatibility?${filter#&}"
	work=$(mktemp -d) || fail 6 "no temporary folder can be made"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	part=$work/body errors=$work/errors status=0
	: >"$errors"
	for object; do
		check
		[ "$status" -ne 0 ] || status=$result
	done
	exit "$status"
}

main "$@"
