# Functions of fetch.sh, select.sh and relo-check.sh: the server inserts them into each. $me is the name of the script, $quiet is not empty for --quiet.

# One line on standard error. Text from servers and files is untrusted: only printable ASCII reaches the terminal.
line() {
	printf '%s: %s' "$me" "$*" | tr -c '\040-\176' '?' >&2
	echo >&2
}

fail() {
	status=$1
	shift
	line "$*"
	exit "$status"
}

say() { [ -n "$quiet" ] || line "$*"; }

has() { command -v "$1" >/dev/null 2>&1; }

digest_of() {
	if has sha256sum; then sha256sum "$1" | cut -c1-64
	elif has openssl; then openssl dgst -sha256 -r "$1" | cut -c1-64
	elif has shasum; then shasum -a 256 "$1" | cut -c1-64
	else return 1
	fi
}

# Encodes for a path or a query: everything but letters, digits and ._~/:- as %XX.
encode() {
	rest=$1
	while [ -n "$rest" ]; do
		char=${rest%"${rest#?}"}
		rest=${rest#?}
		case $char in
		[A-Za-z0-9._~/:-]) printf '%s' "$char" ;;
		*) printf '%s' "$char" | od -An -v -tx1 | tr -d '\n' | sed 's/ *\(..\)/%\1/g' ;;
		esac
	done
}

# A text between the quotes of a configuration of curl.
quoted() {
	sed 's/[\\"]/\\&/g' <<END
$1
END
}

# The server's message of an error: the detail of application/problem+json.
detail() {
	text=$(sed -n 's/.*"detail": *"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$part" 2>/dev/null | head -n 1)
	printf '%s' "${text:-$(tail -n 1 "$errors" 2>/dev/null)}"
}

bytes() { od -An -v -tu1 -j "$2" -N "$3" "$1" 2>/dev/null; }

# Sets $n to the unsigned number in these bytes, in the byte order of the file.
number() {
	n=0 factor=1
	for byte; do
		if [ "$order" = 2 ]; then n=$((n * 256 + byte)); else n=$((n + byte * factor)) factor=$((factor * 256)); fi
	done
}

# Whether FILE is a BPF object that still has its CO-RE records: an original. Looks through the section headers of a 64-bit ELF file for .BTF.ext,
# and there at core_relo_len, which is not 0.
has_records() {
	file=$1
	set -- $(bytes "$file" 0 64)
	[ $# -eq 64 ] && [ "$1 $2 $3 $4 $5" = '127 69 76 70 2' ] || return 1
	order=$6
	number "${41}" "${42}" "${43}" "${44}" "${45}" "${46}" "${47}" "${48}"
	table=$n
	number "${63}" "${64}"
	names=$((table + n * 64))
	number "${61}" "${62}"
	count=$n
	set -- $(bytes "$file" $((names + 24)) 8)
	number "$@"
	names=$n
	set -- $(bytes "$file" "$table" $((count * 64)))
	while [ $# -ge 64 ]; do
		number "$5" "$6" "$7" "$8"
		# SHT_PROGBITS without flags
		if [ "$n" -eq 1 ] && [ "$9${10}${11}${12}${13}${14}${15}${16}" = 00000000 ]; then
			number "$1" "$2" "$3" "$4"
			name=$(echo $(bytes "$file" $((names + n)) 9))
			if [ "$name" = '46 66 84 70 46 101 120 116 0' ]; then
				number "${25}" "${26}" "${27}" "${28}" "${29}" "${30}" "${31}" "${32}"
				set -- $(bytes "$file" $((n + 4)) 28)
				[ $# -eq 28 ] || return 1
				number "$1" "$2" "$3" "$4"
				[ "$n" -ge 32 ] || return 1 # a header that predates CO-RE
				number "${25}" "${26}" "${27}" "${28}"
				[ "$n" -gt 0 ]
				return
			fi
		fi
		shift 64
	done
	return 1
}

# An original must not be lost: it cannot be restored from the relocated object.
spare_original() {
	[ ! -f "$1" ] || ! has_records "$1" || fail 2 "$1 is an original BPF object with CO-RE records and would be lost; choose another FILE with -o${2:+, such as $2}, or move $1 away"
}
