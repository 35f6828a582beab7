#!/bin/sh
# Fetches a BPF object from a Relo server, relocated for the running kernel, and keeps it up to date.
#
#   curl -fsS http://relo:8080/fetch.sh | sh -s -- tracer -o tracer.relocated.bpf.o
#   sh fetch.sh tracer -o /var/lib/tracer/tracer.relocated.bpf.o --load /sys/fs/bpf/tracer
#
# Needs a POSIX sh, curl or wget (with a key: curl or GNU wget), and sha256sum, openssl or shasum; --load needs bpftool, --verify-key
# openssl. It downloads only a changed object: the ETag of the file is stored beside it (FILE.etag). The file is replaced atomically,
# once it is complete and its digest is right.
#
# Exit status
#   0  FILE exists and is the newest
#   1  the server did not respond, or failed, in all attempts
#   2  wrong usage, or FILE is an original object and would be lost
#   3  the server does not have the object, or the BTF of this kernel
#   4  the server refused: relocation impossible or unusable (--fail-on), key missing or wrong; or it redirected a request with a key
#   5  the received bytes do not match the announced digest
#   6  FILE could not be written
#   7  a required program is missing
#   8  bpftool could not load FILE
#   9  --verify-key: no signed statement says that this is the object for this kernel; FILE stays as it was
set -u
LC_ALL=C # bytes are characters, and other programs' messages are the same everywhere
export LC_ALL

# The server that this script was downloaded from; RELO_SERVER and --server override it.
BAKED_SERVER=''
me=fetch.sh

usage() {
	cat <<'END'
usage: fetch.sh [option ...] OBJECT
  OBJECT               tag or digest of the object on the server
  -o, --output FILE    where to put it (default OBJECT.relocated.bpf.o)
  -s, --server URL     the server (default: $RELO_SERVER, then where this script came from)
  -k, --kernel TEXT    the kernel (default: the output of uname -r and uname -v)
  --arch TEXT          its architecture (default: uname -m)
  --distro TEXT        only kernels of this distribution (default: from the kernel and os-release; '' = any)
  --version TEXT       only kernels of this version of it (default: from the kernel and os-release; '' = any)
  --fail-on OUTCOME    broken, poisoned, absent, or several with commas: take no object that came out like that
  --verify-key FILE    public keys in PEM: take the object only with a statement that one of them signed
  --load PIN_DIR       load its programs with bpftool and pin them under PIN_DIR, a folder of a BPF file system
  --attempts N         how often to ask before giving up (default 5, with longer and longer pauses)
  -q, --quiet          print nothing unless something fails
Environment: RELO_SERVER, RELO_API_KEY (sent as X-Api-Key, to the server only: with a key no redirect is followed),
  RELO_OS_RELEASE (default /etc/os-release), RELO_TIMEOUT (seconds per attempt, and the longest Retry-After that is waited for; default 300)
END
}

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/verify.sh"
# The distribution in os-release, a line for each variable that is set. os-release is a shell script: sourced in a subshell. The server
# reads it together with the kernel's version text: in a container, and in a distribution that runs another one's kernels, both are needed.
os_release() {
	file=${RELO_OS_RELEASE:-/etc/os-release}
	[ -r "$file" ] || [ -n "${RELO_OS_RELEASE:-}" ] || file=/usr/lib/os-release
	[ -r "$file" ] || return 0
	(
		names='ID VERSION_ID ID_LIKE UBUNTU_CODENAME RHEL_VERSION'
		unset $names
		set +u
		. "$file" >/dev/null 2>&1
		for name in $names; do
			eval "value=\${$name-}"
			[ -z "$value" ] || printf '\n%s=%s' "$name" "$value"
		done
	)
}

# The last value of a field in the saved headers; after redirects they contain several responses.
header() { tr -d '\r' <"$headers" | grep -i "^[[:space:]]*$1:" | tail -n 1 | sed 's/^[^:]*:[[:space:]]*//'; }

# Sends one request. Saves the body in $part and the headers in $headers; sets $code, 000 without a complete response.
request() {
	: >"$part"
	: >"$headers"
	ended=0
	if has curl; then
		# The configuration comes on standard input: every user of the machine can read a command line.
		curl_config | curl -sS --proto '=http,https' --connect-timeout 10 --max-time "$timeout" -K - 2>"$errors" || ended=$?
	else
		set -- -S -O "$part" --header "Accept: $accept"
		[ -z "$known" ] || set -- "$@" --header "If-None-Match: $known"
		# By default, GNU wget retries (with --iri too) and hides the body of an error. Once it shows that, it also waits for the body of a
		# 304 until the connection closes: hence no keep-alive. busybox's wget may not have -T.
		if is_gnu_wget; then
			set -- wget -T 30 -t 1 --no-iri --no-http-keep-alive --content-on-error "$@"
			[ -z "$key" ] || { wget_config >"$work/wgetrc" && shift && set -- wget --config="$work/wgetrc" --max-redirect=0 "$@"; }
		elif has timeout; then set -- timeout "$timeout" wget "$@"
		else set -- wget "$@"
		fi
		"$@" "$url" 2>"$errors" </dev/null || ended=$?
		cat "$errors" >"$headers"
	fi
	code=$(sed -n 's/.*HTTP\/[0-9.]* \([0-9][0-9][0-9]\).*/\1/p' "$headers" | tail -n 1)
	# wget ends with an error for 304 too; for 200 it means that the body was cut off.
	if [ -z "$code" ] || { [ "$code" = 200 ] && [ "$ended" -ne 0 ]; }; then code=000; fi
}

curl_config() {
	cat <<END
url = "$(quoted "$url")"
output = "$(quoted "$part")"
dump-header = "$(quoted "$headers")"
header = "Accept: $accept"
END
	[ -z "$known" ] || printf 'header = "If-None-Match: %s"\n' "$(quoted "$known")"
	if [ -z "$key" ]; then echo location; else
		# Not followed with a key: curl would send it to wherever the redirect leads.
		cat <<END
no-location
header = "X-Api-Key: $(quoted "$key")"
END
	fi
}

# The user's own settings (a proxy), then the key. Only this user can read the folder of the file.
wget_config() {
	rc=${WGETRC:-${HOME:-/}/.wgetrc}
	[ ! -r "$rc" ] || cat "$rc"
	cat <<END

header = X-Api-Key: $key
END
}

is_gnu_wget() { wget --version 2>/dev/null | grep -q GNU; }

# After all attempts but the last. Waits for Retry-After (busybox's wget does not show it), else for 1, 2, 4, ... seconds; and up to
# that much longer, so that a thousand nodes do not retry at the same moment.
pause() {
	wait_for=$(header Retry-After)
	case $wait_for in
	'' | *[!0-9]* | 0?*) wait_for=$delay ;;
	*) [ "${#wait_for}" -lt 6 ] && [ "$wait_for" -le "$timeout" ] || fail 1 "$reason; the server requests a wait of $wait_for s, RELO_TIMEOUT is $timeout" ;;
	esac
	wait_for=$((wait_for + $(od -An -N2 -tu2 /dev/urandom | tr -d ' ') % (delay + 1)))
	say "attempt $attempt of $attempts: $reason; again in $wait_for s"
	sleep "$wait_for"
	[ "$delay" -ge 32 ] || delay=$((delay * 2))
}

download() {
	attempt=1 delay=1
	while :; do
		request
		case $code in
		200 | 304) return ;;
		3??) fail 4 "HTTP $code: the server redirects to $(header Location), but the key is sent only to --server; name that server if you trust it" ;;
		401 | 403 | 422) fail 4 "HTTP $code: $(detail)" ;;
		404 | 409 | 406) [ "$asked" = object ] || fail 9 "the server has no signed statement: HTTP $code: $(detail)"; fail 3 "HTTP $code: $(detail)" ;;
		000 | 408 | 429 | 5??) ;;
		*) fail 4 "HTTP $code: $(detail)" ;;
		esac
		reason=$(detail)
		reason=${reason:-HTTP $code}
		[ "$attempt" -lt "$attempts" ] || fail 1 "$reason ($attempts attempts)"
		pause
		attempt=$((attempt + 1))
	done
}

# Downloads the object to $work/object and sets $etag, or leaves it empty if $output is the newest. With --verify-key, both need a statement.
fetch() {
	for round in 1 2; do
		url=$address$query accept=application/octet-stream asked=object etag=''
		download
		file=$output
		if [ "$code" = 200 ]; then
			etag=$(header ETag) file=$work/object
			mv -f "$part" "$file" || fail 6 "$output cannot be written"
			announced=$(printf '%s' "$etag" | sed -n 's/^"sha256:\([0-9a-f]\{64\}\)"$/\1/p')
			[ -n "$announced" ] || fail 5 "the server announced no digest (ETag: ${etag:-none}); is $server a Relo server?"
			found=$(digest_of "$file")
			[ "$found" = "$announced" ] || fail 5 "the received bytes have sha256 $found, expected $announced"
		fi
		[ -n "$verify_key" ] || return 0
		# The tag may have moved between the two requests: once more.
		if has_statement "$file"; then return 0; fi
	done
	fail 9 "$why"
}

# Whether the server has a signed statement that FILE is this object for this kernel. Sets $why if not.
has_statement() {
	url=$address/attestation$query accept=application/vnd.dsse.envelope.v1+json known='' asked=statement
	download
	verify "$part" "$1" "$(file_name)" || return 1
	case $object in *[!0-9a-f]*) ;; *) [ "${#object}" -ne 64 ] || [ "$original" = "$object" ] || { why="the statement is about the object $original"; return 1; } ;; esac
	case $kernels in *"$for_kernel\""*) ;; *) why="the statement is for $kernels, not for $for_kernel"; return 1 ;; esac
	[ -z "$for_btf" ] || grep -q -F "{\"name\":\"btf\",\"digest\":{\"sha256\":\"$for_btf\"}" "$work/payload" || { why="the statement is about other BTF than sha256:$for_btf"; return 1; }
}

# The name that the server gives the object.
file_name() {
	case $object in
	*.o) printf '%s' "$object" ;;
	*[!0-9a-f]*) printf '%s.bpf.o' "$object" ;;
	????????????????????????????????????????????????????????????????) printf '%.12s.bpf.o' "$object" ;;
	*) printf '%s.bpf.o' "$object" ;;
	esac
}

# The end of the id of the kernel, as far as it is known: /arch/release.
id_end() {
	case $kernel in
	'') set -- "$(uname -r)" ;;
	sha256:*) return ;; # for_btf
	*/*/*/*) printf '/%s' "${kernel#*/*/}"; return ;;
	*) set -- "$kernel" ;;
	esac
	case $(printf '%s' "$arch" | tr '[:upper:]' '[:lower:]') in
	'') printf '/%s' "$1" ;;
	aarch64 | arm64) printf '/arm64/%s' "$1" ;;
	amd64 | x64 | x86-64 | x86_64) printf '/x86_64/%s' "$1" ;;
	*) printf '/%s/%s' "$arch" "$1" ;;
	esac
}

# New programs are loaded beside the old ones and replace them when all are loaded: a failure leaves the old ones.
load() {
	has bpftool || fail 7 "bpftool is missing, which --load needs"
	[ -n "$changed" ] || [ ! -d "$pin" ] || return 0
	# The BPF file system takes no dots in names.
	new="${pin%/}_new_$$" old="${pin%/}_old_$$"
	mkdir -p "$(dirname "$pin")" || fail 8 "the folder of $pin cannot be created"
	bpftool prog loadall "$output" "$new" >"$errors" 2>&1 || {
		rm -rf "$new"
		tail -n 20 "$errors" | tr -c '\040-\176\n\t' '?' >&2
		fail 8 "bpftool could not load $output"
	}
	if [ -d "$pin" ]; then mv "$pin" "$old" || fail 8 "$pin cannot be replaced"; fi
	mv "$new" "$pin" || fail 8 "$new cannot be renamed to $pin"
	rm -rf "$old"
	say "loaded and pinned under $pin"
}

# Everything is in functions that the last line calls: a truncated script does nothing.
main() {
	object='' output='' verify_key='' server=${RELO_SERVER:-$BAKED_SERVER} quiet='' pin='' fail_on='' attempts=5 timeout=${RELO_TIMEOUT:-300} key=${RELO_API_KEY:-}
	kernel='' arch=$(uname -m) distro='' version='' narrowed=''
	while [ $# -gt 0 ]; do
		case $1 in
		-o | --output | -s | --server | -k | --kernel | --arch | --distro | --version | --fail-on | --verify-key | --load | --attempts)
			[ $# -ge 2 ] || fail 2 "$1 needs a value"
			case $1 in
			-o | --output) output=$2 ;;
			-s | --server) server=$2 ;;
			-k | --kernel) kernel=$2 ;;
			--arch) arch=$2 ;;
			--distro) distro=$2 narrowed=1 ;;
			--version) version=$2 narrowed=1 ;;
			--fail-on) fail_on=$2 ;;
			--verify-key) verify_key=$2 ;;
			--load) pin=$2 ;;
			--attempts) attempts=$2 ;;
			esac
			shift ;;
		-q | --quiet) quiet=1 ;;
		-h | --help) usage; exit 0 ;;
		-*) usage >&2; fail 2 "unknown option $1" ;;
		*) [ -z "$object" ] || fail 2 "one object at a time: $object, $1"; object=$1 ;;
		esac
		shift
	done
	[ -n "$object" ] || { usage >&2; fail 2 "which object?"; }
	[ -n "$server" ] || fail 2 "which server? Set RELO_SERVER or give --server"
	case $server in http://* | https://*) ;; *) fail 2 "the server is '$server', expected http://... or https://..." ;; esac
	case $attempts in '' | *[!0-9]* | 0*) fail 2 "--attempts is '$attempts', expected a number from 1" ;; esac
	for outcome in $(printf '%s' "$fail_on" | tr , ' '); do
		case $outcome in broken | poisoned | absent) ;; *) fail 2 "--fail-on is '$fail_on', expected broken, poisoned or absent" ;; esac
	done
	case $timeout in '' | *[!0-9]* | 0*) fail 2 "RELO_TIMEOUT is '$timeout', expected a number of seconds from 1" ;; esac
	case $key in *[[:cntrl:]]*) fail 2 "RELO_API_KEY has a line break or another control character" ;; esac
	has curl || has wget || fail 7 "neither curl nor wget is installed"
	[ -z "$key" ] || has curl || is_gnu_wget || fail 7 "this wget accepts RELO_API_KEY only on its command line, where every user can read it; install curl or GNU wget"
	digest_of /dev/null >/dev/null || fail 7 "none of sha256sum, openssl, shasum is installed to check the digest"
	check_verify_key
	for_btf=''
	[ -z "$verify_key" ] || case $kernel in
	sha256:*) for_btf=$(printf '%s' "${kernel#sha256:}" | tr '[:upper:]' '[:lower:]') ;;
	buildid:* | *' '*) fail 2 "with --verify-key, --kernel is a release, an id or sha256:..., so that the statement can be compared with it" ;;
	esac
	output=${output:-$object.relocated.bpf.o} for_kernel=$(id_end)

	release=${kernel:-$(uname -r)}
	# A path and a digest say all themselves.
	case $kernel in
	'') words=$(uname -v 2>/dev/null) kernel=$release${words:+ $words} ;;
	sha256:* | */*/*/*) narrowed=1 ;;
	esac
	[ -n "$narrowed" ] || kernel=$kernel$(os_release)

	address="${server%/}/v1/relocated/$(encode "$object")" query="?kernel=$(encode "$kernel")"
	[ -z "$arch" ] || query="$query&arch=$(encode "$arch")"
	[ -z "$distro" ] || query="$query&distro=$(encode "$distro")"
	[ -z "$version" ] || query="$query&version=$(encode "$version")"
	[ -z "$fail_on" ] || query="$query&failOn=$fail_on"

	# In the folder of FILE, so that a rename gives it its name.
	[ ! -d "$output" ] || fail 6 "$output is a folder"
	spare_original "$output" "$object.relocated.bpf.o"
	work=$(mktemp -d "$(dirname "$output")/.fetch.XXXXXX") || fail 6 "nothing can be written beside $output"
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM HUP
	part=$work/body headers=$work/headers errors=$work/errors changed='' known=''
	: >"$errors"

	# The ETag is the digest of the file, so a file that somebody damaged is not taken for the newest.
	if [ -f "$output" ] && [ -f "$output.etag" ]; then
		known=$(head -n 1 "$output.etag")
		[ "$known" = "\"sha256:$(digest_of "$output")\"" ] || known=''
	fi

	fetch
	if [ -z "$etag" ]; then
		say "$output is the newest for $release"
	else
		# The old ETag goes first: killed in between, the file is fetched once more, never taken for another.
		rm -f "$output.etag" && chmod 644 "$work/object" && mv -f "$work/object" "$output" || fail 6 "$output cannot be written"
		printf '%s\n' "$etag" >"$work/etag" && mv -f "$work/etag" "$output.etag" || fail 6 "$output.etag cannot be written"
		changed=1
		say "$output is $object for $release, sha256:$announced"
	fi
	[ -z "$pin" ] || load
}

main "$@"
