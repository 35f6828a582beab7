# Functions of fetch.sh and select.sh that verify signed statements: the server inserts them. They need openssl, awk and fold.

# Whether FILE is what the statement in ENVELOPE is about, and one of the keys in $verify_key signed it. Sets $why if not, else $original to
# the digest of the object it was made from, and $kernels to the kernels it is for: "distro/version/arch/release", quoted, with commas.
# Temporary files go to $work.
#   verify ENVELOPE FILE NAME
verify() {
	text_of payload "$1" | decode >"$work/payload" && text_of sig "$1" | decode >"$work/signature" || { why='the statement cannot be read'; return 1; }
	# The pre-authentication encoding of DSSE. The type is that of statements, whatever the envelope says.
	{
		printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c <"$work/payload")"
		cat "$work/payload"
	} >"$work/signed"
	signed_by_a_key || { why="no key in $verify_key signed the statement"; return 1; }
	# From here on the text is that of somebody with the key.
	text='"\(\([^"\\]\|\\.\)*\)"'
	subject=$(sed -n "s%^{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":\[{\"name\":$text,\"digest\":{\"sha256\":\"\([0-9a-f]*\)\"}.*%\3 \1%p" "$work/payload")
	parameters=$(sed -n 's|.*,"predicate":{"buildDefinition":{"buildType":"urn:relo:relocation:1","externalParameters":{"object":"sha256:\([0-9a-f]*\)","kernels":\[\([^]]*\)\]}.*|\1 \2|p' "$work/payload")
	original=${parameters%% *} kernels=${parameters#* }
	found=$(digest_of "$2")
	[ "${subject%% *}" = "$found" ] || { why="the statement is about sha256 ${subject%% *}, not $found"; return 1; }
	[ -z "$3" ] || [ "${subject#* }" = "$3" ] || { why="the statement is about ${subject#* }, not $3"; return 1; }
}

signed_by_a_key() {
	number=1
	awk -v name="$work/key." '/-----BEGIN PUBLIC KEY-----/ { n++ } n { print > (name n) }' "$verify_key" 2>/dev/null
	while [ -f "$work/key.$number" ]; do
		openssl dgst -sha256 -verify "$work/key.$number" -signature "$work/signature" "$work/signed" >/dev/null 2>&1 && return
		number=$((number + 1))
	done
	return 1
}

# The value of a member of an envelope: Base64, in either alphabet, so no quotes and no escapes.
text_of() { tr -d '\n\r' <"$2" | sed -n "s|.*\"$1\" *: *\"\([A-Za-z0-9+/_=-]*\)\".*|\1|p" | tr _- /+; }

decode() {
	fold -w 64 >"$work/base64"
	echo >>"$work/base64"
	[ "$(wc -c <"$work/base64")" -gt 1 ] && openssl base64 -d -in "$work/base64"
}

# For an option --verify-key.
check_verify_key() {
	[ -n "$verify_key" ] || return 0
	for one in openssl awk fold; do has "$one" || fail 7 "$one is missing, which --verify-key needs"; done
	[ -r "$verify_key" ] || fail 2 "the key $verify_key cannot be read"
	grep -q -e '-----BEGIN PUBLIC KEY-----' "$verify_key" || fail 2 "$verify_key has no public key in PEM"
}
