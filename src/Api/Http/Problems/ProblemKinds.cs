namespace Relo.Api.Http.Problems;

/// <summary>Every problem code of the service: the source of the problem pages, the OpenAPI document and the responses.</summary>
internal static class ProblemKinds
{
    private static readonly Dictionary<string, ProblemKind> ByCode = new(StringComparer.Ordinal);

    // The requested resource.
    public static readonly ProblemKind InvalidKernel = Add("invalid-kernel", 400, "Not a kernel identifier",
        "The kernel parameter is missing or has none of the accepted forms.",
        "Give a release (5.4.0-91-generic), a path (ubuntu/20.04/x86_64/5.4.0-91-generic), sha256:<BTF digest>, or the text of uname -a "
            + "or /proc/version. A space in a release is read as +.");

    public static readonly ProblemKind KernelNotFound = Add("kernel-not-found", 404, "Kernel not in the archive",
        "No kernel in the archive matches, and the upstream archive, if one is configured, does not have it. The service never "
            + "substitutes another kernel: if a text names the builder or the architecture, other kernels with the same release do "
            + "not match.",
        "The member explanation lists each step that was tried. The member nearest lists similar kernels; if the request has an object, "
            + "proof says whether it relocates to the same bytes on the next older and the next newer kernel. GET /v1/kernels lists the "
            + "archive. To add the kernel, use POST /v1/kernels (its BTF is /sys/kernel/btf/vmlinux).");

    public static readonly ProblemKind KernelAmbiguous = Add("kernel-ambiguous", 409, "Several kernels match",
        "Several kernels match and their BTF differs, so the result depends on which one is meant.",
        "Repeat the request with the id of one of the candidates, or narrow it with distro, version and arch.");

    public static readonly ProblemKind BtfNotFound = Add("btf-not-found", 404, "BTF not in the archive",
        "The archive has no BTF with this digest.",
        "GET /v1/kernels lists the digest of each kernel's BTF as btf.");

    public static readonly ProblemKind ObjectNotFound = Add("object-not-found", 404, "Object not found",
        "No object with this digest or tag was uploaded to this service, or it was deleted: objects without a tag are deleted when they "
            + "have not been used for a long time.",
        "Upload it again with POST /v1/objects (name=<tag> keeps it) or POST /v1/relocations: the same bytes get the same URL.");

    public static readonly ProblemKind TypeNotFound = Add("type-not-found", 404, "The kernel has no such type",
        "Neither the BTF of the kernel nor that of its modules in the archive has a type, function or variable with this name.",
        "GET /v1/types?kernel=…&q=… searches its names. Names are exact; a typedef or a function may have the name without struct.");

    public static readonly ProblemKind SigningOff = Add("signing-off", 404, "This service does not sign",
        "No key is configured, so there are no signed statements and no public keys. The service never makes a key itself.",
        "The operator makes a key with keygen and names it in Signing:KeyFile; /docs/trust describes it.");

    public static readonly ProblemKind SignatureRequired = Add("signature-required", 403, "The object is not signed by a trusted key",
        "This service keeps only objects that one of its configured keys signed. The request has no signature, or it is by another key or "
            + "over other bytes.",
        "Send the signature in X-Signature or the form field signature: openssl dgst -sha256 -sign approve.key tracer.bpf.o | base64 -w0, "
            + "or a DSSE envelope. The signature covers the uncompressed object.");

    // The request's content.
    public static readonly ProblemKind EmptyBody = Add("empty-body", 400, "Nothing was uploaded",
        "The request has no body, or its form has no file although the route needs one.",
        "Send the file as the body (curl --data-binary @file) or as the form field object (curl -F object=@file).");

    public static readonly ProblemKind InvalidBody = Add("invalid-body", 400, "The body cannot be read",
        "The body ended early, is not encoded as Content-Encoding says, or is not a well-formed multipart form.",
        "Send it again; if it is compressed, check that the compressed file is complete (gzip -t, zstd -t).");

    public static readonly ProblemKind DigestMismatch = Add("digest-mismatch", 400, "The body does not match Content-Digest",
        "The digest of the received bytes differs from the Content-Digest field (RFC 9530).",
        "The upload was damaged, or the digest belongs to other bytes. Content-Digest covers the body as sent, after compression.");

    public static readonly ProblemKind InvalidParameter = Add("invalid-parameter", 400, "A parameter is not valid",
        "A query parameter or form field has an invalid value, or is given twice.",
        "The detail names the parameter, the value found and the value expected.");

    public static readonly ProblemKind UnknownParameter = Add("unknown-parameter", 400, "The route has no such parameter",
        "The query or the form has a parameter that the route does not know. The request is refused, because ignoring the parameter could "
            + "give a different result from the one requested.",
        "The member known lists the parameters of the route; didYouMean suggests a similar name.");

    public static readonly ProblemKind NotABpfObject = Add("not-a-bpf-object", 422, "Not a BPF object",
        "The upload is not a 64-bit ELF file for the BPF machine.",
        "Upload the .bpf.o that clang -target bpf -g wrote, not a skeleton header, a loader program or an archive.");

    public static readonly ProblemKind MalformedObject = Add("malformed-object", 422, "The BPF object is malformed",
        "The file is a BPF ELF file, but its structure is inconsistent; section and offset say where. A loader could read wrong memory, "
            + "so the object is refused.",
        "Compile it again; if it was edited or truncated, use the original. Link objects with bpftool gen object, not with ld -r.");

    public static readonly ProblemKind NoBtf = Add("no-btf", 422, "The BPF object has no BTF",
        "The object has no .BTF section, but has maps, externs or a .BTF.ext section that need it. (An object that needs no BTF is "
            + "accepted.)",
        "Compile with -g and do not strip .BTF and .BTF.ext (llvm-strip -g keeps them).");

    public static readonly ProblemKind AlreadyRelocated = Add("already-relocated", 422, "The object is already relocated",
        "The object's CO-RE records are disabled: it was relocated for one kernel, and its offsets are valid only there. Relocating it "
            + "for another kernel would change nothing, and the program would read wrong memory.",
        "Send the original object, as the compiler or linker wrote it. If it was uploaded to this service, GET /v1/objects/{digest or "
            + "tag}/file returns it. Store relocated objects under another name (tracer.relocated.bpf.o).");

    public static readonly ProblemKind InvalidBtf = Add("invalid-btf", 422, "The BTF is malformed",
        "The uploaded BTF is inconsistent; section and offset say where.",
        "Copy it again from /sys/kernel/btf/vmlinux or extract it from the kernel's vmlinux.");

    public static readonly ProblemKind UnrecognisedKernelFile = Add("unrecognised-kernel-file", 422, "Not a kernel file",
        "The upload has none of the file formats from which the archive can read BTF.",
        "Upload raw BTF (/sys/kernel/btf/vmlinux), a BTFHub .btf.tar.xz, a vmlinux, a boot image (vmlinuz, Image), a kernel's package "
            + "(.deb, .rpm, .apk, .pkg.tar.zst) or a module. The detail lists all formats.");

    // The result.
    public static readonly ProblemKind RelocationFailed = Add("relocation-failed", 422, "libbpf would refuse the object on this kernel",
        "A CO-RE record cannot be applied by libbpf's rules (ambiguous candidates, an unexpected instruction, an unknown kind, …). The "
            + "member relocation names the record.",
        "The detail is the message that libbpf would log. Usually the program's source has to change.");

    public static readonly ProblemKind RelocationUnusable = Add("relocation-unusable", 422, "The relocated object is not usable",
        "The object was relocated, but failOn names its outcome. The member report has the whole report.",
        "Look at the poisoned relocations and the absent checks in report. Without failOn, the service returns the object anyway.");

    public static readonly ProblemKind IncompatibleKernels =
        Add("incompatible-kernels", 422, "The object is not usable on all of the kernels",
        "The object was checked against many kernels, and on at least one of them failOn names the outcome, or there is no outcome. The "
            + "body has all members of the response without failOn.",
        "Look at the groups that are broken or failed, or have checks that are absent. Without failOn, the response has status 200; "
            + "distro, version, arch and release narrow the kernels.");

    public static readonly ProblemKind KernelConflict = Add("kernel-conflict", 409, "The kernel has different BTF",
        "The archive has a kernel with this id, and its BTF differs from the uploaded BTF.",
        "Check which of them is right. With replace=true, the uploaded BTF replaces the existing one.");

    // The client.
    public static readonly ProblemKind KeyRequired = Add("key-required", 401, "An API key is needed",
        "This route needs a key, and the request has no X-Api-Key field.",
        "Send the key in X-Api-Key.");

    public static readonly ProblemKind KeyRefused = Add("key-refused", 403, "The API key is not known",
        "The service does not know the key in X-Api-Key.",
        "Check the key; the operator sets the keys in Access:Keys.");

    public static readonly ProblemKind ScopeMissing = Add("scope-missing", 403, "The API key lacks a scope",
        "The key in X-Api-Key is known, but it does not allow this request.",
        "The member scope names the scope that the route needs. Use another key; the operator sets the scopes of a key in Access:Scopes.");

    public static readonly ProblemKind CrossSiteRequest = Add("cross-site-request", 403, "Request from a page of another site",
        "A page of another origin sent this request through a browser (Origin, Sec-Fetch-Site), and the request may change something. The "
            + "service refuses it, because otherwise any page that a user opens could add, move and delete objects and kernels.",
        "Use the service's own page, or a client that is not a browser. The operator lists the origins that may send requests in "
            + "Cors:Origins, and trusted proxies in Proxies:Known.");

    // HTTP itself.
    public static readonly ProblemKind HostNotAllowed = Add("host-not-allowed", 400, "Host name not allowed",
        "The Host of the request is not a name of the service. On a loopback address it must be localhost, a name below it "
            + "(*.localhost), the machine's own name, an IP address or a name in AllowedHosts, because an attacker can make another "
            + "domain resolve to this machine (DNS rebinding).",
        "Use http://localhost or an IP address. The operator sets further names, such as the one that a proxy forwards, in AllowedHosts "
            + "(relo.example.com;*.internal).");

    public static readonly ProblemKind BadRequest = Add("bad-request", 400, "The request is malformed",
        "The request is not well-formed HTTP, or a parameter cannot be parsed.", "The detail says what is wrong.");

    public static readonly ProblemKind NotFound = Add("not-found", 404, "No such address",
        "No route of the service has this path.", "/swagger and /openapi/v1.json list all routes.");

    public static readonly ProblemKind MethodNotAllowed = Add("method-not-allowed", 405, "Method not allowed",
        "The path exists, but does not allow this method.", "The Allow field of the response lists the allowed methods.");

    public static readonly ProblemKind NotAcceptable = Add("not-acceptable", 406, "No acceptable media type",
        "The route offers none of the media types in Accept.", "The member offers lists the media types of the route.");

    public static readonly ProblemKind RequestTimeout = Add("request-timeout", 408, "The body arrived too slowly",
        "The body arrived more slowly than the server's minimum data rate.", "Send it again over a faster connection.");

    public static readonly ProblemKind BodyTooLarge = Add("body-too-large", 413, "The body is too large",
        "The body, its decompressed content, or the memory needed to process the object exceeds a limit of this service.",
        "The detail names the limit and the setting that raises it.");

    public static readonly ProblemKind ReportTooLarge = Add("report-too-large", 413, "The report is too large",
        "The report has more relocations, warnings or groups of kernels than the service sends in one response.",
        "Request parts of it: fields=summary,fieldChanges leaves out all other members, and relocationsLimit=1000 returns the relocations "
            + "page by page (follow the Link with rel=next). For many kernels, narrow them with distro, version, arch and release. The "
            + "detail names the limit and the setting that raises it.");

    public static readonly ProblemKind UnsupportedMediaType = Add("unsupported-media-type", 415, "Unsupported media type",
        "The route does not accept this Content-Type or Content-Encoding.",
        "The Accept or Accept-Encoding field of the response lists what it accepts.");

    public static readonly ProblemKind RangeNotSatisfiable = Add("range-not-satisfiable", 416, "Range not satisfiable",
        "The bytes that Range requests do not exist.", "The Content-Range field of the response has the size.");

    public static readonly ProblemKind StorageUnavailable = Add("storage-unavailable", 503, "Storage or memory unavailable",
        "The disk, the database or the memory of the service is full, read-only, locked or failing. This request changed nothing; "
            + "everything acknowledged earlier is kept.",
        "Repeat the request after the number of seconds in Retry-After. The operator finds the reason at /healthz/ready and in the log; "
            + "once it is resolved, the service recovers without a restart.");

    public static readonly ProblemKind SigningFailed = Add("signing-failed", 503, "The statement could not be signed",
        "The command that signs failed, took too long, or wrote something that is not a signature by the configured key.",
        "Repeat the request after the number of seconds in Retry-After. The operator runs Signing:Command by hand, with 32 bytes on its "
            + "standard input.");

    public static readonly ProblemKind BlobDamaged = Add("blob-damaged", 503, "Stored data is damaged",
        "The stored BTF of this kernel, or the stored object, has changed on disk or is missing. The damaged file is in quarantine, and "
            + "the upstream archive does not have the same bytes. Other kernels and objects are not affected.",
        "Add the kernel again with POST /v1/kernels, or the object with POST /v1/objects: the same bytes get the same URL. GET "
            + "/v1/kernels shows which kernels are damaged.");

    public static readonly ProblemKind UpstreamUnavailable = Add("upstream-unavailable", 503, "The upstream archive is unavailable",
        "The kernel is not in this archive, and the upstream archive, which may have it, cannot be reached, reports an error or sends "
            + "invalid data. So it is unknown whether the upstream archive has the kernel.",
        "Repeat the request after the number of seconds in Retry-After. The operator finds the reason in the log; an empty "
            + "Archive:Upstream:BaseUrl disables the upstream archive.");

    public static readonly ProblemKind TooManyRequests = Add("too-many-requests", 429, "Too many requests",
        "The client exceeds its request rate, or the service's queue or memory is full.",
        "Repeat the request after the number of seconds in Retry-After.");

    public static readonly ProblemKind TimeExceeded = Add("time-exceeded", 504, "The request took too long",
        "The service did not finish the request within its time limit, and stopped working on it.",
        "Try again when the service is less busy, or request less at once. The detail names the limit and the setting that raises it.");

    public static readonly ProblemKind InternalError = Add("internal-error", 500, "Internal error",
        "The service failed because of a defect of its own.", "Report it with the traceId; the service's log has the cause.");

    /// <summary>All of them, in the order above.</summary>
    public static IReadOnlyCollection<ProblemKind> All => ByCode.Values;

    /// <summary>The kind with this code, if there is one.</summary>
    public static ProblemKind? Find(string code) => ByCode.GetValueOrDefault(code);

    private static ProblemKind Add(string code, int status, string title, string meaning, string remedy)
        => ByCode[code] = new ProblemKind(code, status, title, meaning, remedy);
}
