using Relo.Api.Http.Uploads;

namespace Relo.Api.Http.Problems;

/// <summary>Every problem code of the service: the source of the problem pages, the OpenAPI document and the responses.</summary>
internal static class ProblemKinds
{
    private static readonly Dictionary<string, ProblemKind> ByCode = new(StringComparer.Ordinal);

    // The requested resource.
    public static readonly ProblemKind InvalidKernel = Add("invalid-kernel", 400, "Not a kernel identifier",
        "The kernel parameter is missing or has none of the accepted forms.",
        "Give a release (5.4.0-91-generic), a path (ubuntu/20.04/x86_64/5.4.0-91-generic), sha256:<BTF digest>, or the text of uname -a or /proc/version. A space in a release is read as +.");

    public static readonly ProblemKind KernelNotFound = Add("kernel-not-found", 404, "Kernel not in the archive",
        "No kernel of the archive matches, nor does the upstream archive have it, if one is asked. The service never takes another kernel in its place: what a text says of the builder or the architecture excludes the others of the same release.",
        "See explanation for each step that was tried. Look at nearest for kernels that differ little: with an object, proof says whether it relocates to the same bytes on the next older and the next newer one. Look at GET /v1/kernels for what is there, or add the kernel with POST /v1/kernels (its BTF is /sys/kernel/btf/vmlinux).");

    public static readonly ProblemKind KernelAmbiguous = Add("kernel-ambiguous", 409, "Several kernels match",
        "Several kernels match and their BTF differs, so the answer would depend on which one is meant.",
        "Repeat the request with one id of candidates, or narrow it with distro, version and arch.");

    public static readonly ProblemKind BtfNotFound = Add("btf-not-found", 404, "BTF not in the archive",
        "No BTF with this digest is in the archive.",
        "Digests of the BTF that is there are listed by GET /v1/kernels as btf.");

    public static readonly ProblemKind ObjectNotFound = Add("object-not-found", 404, "Object not here",
        "No object with this digest or tag was uploaded here, or it is no longer kept: those without a tag go when nobody uses them for long.",
        "Upload it again with POST /v1/objects (name=<tag> keeps it) or POST /v1/relocations: the same bytes get the same address.");

    // The request's content.
    public static readonly ProblemKind EmptyBody = Add("empty-body", 400, "Nothing was uploaded",
        "The request has no body, or its form has no file where one is needed.",
        "Send the file as the body (curl --data-binary @file) or as the form field object (curl -F object=@file).");

    public static readonly ProblemKind InvalidBody = Add("invalid-body", 400, "The body cannot be read",
        "The body ended early, is not what Content-Encoding says, or is no well-formed multipart form.",
        "Send it again; if it is compressed, check that the compressed file is whole (gzip -t, zstd -t).");

    public static readonly ProblemKind DigestMismatch = Add("digest-mismatch", 400, "The body is not what Content-Digest says",
        "The digest of the bytes that arrived is not the one in the Content-Digest field (RFC 9530).",
        "The upload was damaged or the digest is of other bytes. Content-Digest covers the body as it is sent, after compression.");

    public static readonly ProblemKind InvalidParameter = Add("invalid-parameter", 400, "A parameter is not valid",
        "A query parameter or form field has a value the route does not know, or is given twice.",
        "The detail names the parameter, what was found and what is expected.");

    public static readonly ProblemKind UnknownParameter = Add("unknown-parameter", 400, "The route has no such parameter",
        "The query or the form has a name that the route does not know. It is refused, because ignoring it would answer another question than the one that was asked.",
        "See known for the parameters of the route, and didYouMean for the one that was probably meant.");

    public static readonly ProblemKind NotABpfObject = Add("not-a-bpf-object", 422, "Not a BPF object",
        "The upload is not a 64-bit ELF file for the BPF machine.",
        "Upload the .bpf.o that clang -target bpf -g wrote, not a skeleton header, a loader program or an archive.");

    public static readonly ProblemKind MalformedObject = Add("malformed-object", 422, "The BPF object is broken",
        "The ELF file is for BPF, but its structure contradicts itself at section and offset. A loader could read wrong memory with it, so it is refused.",
        "Compile it again; if it was edited or truncated, use the original. Link objects with bpftool gen object, not with ld -r.");

    public static readonly ProblemKind NoBtf = Add("no-btf", 422, "The BPF object has no BTF",
        "The object has no .BTF section, and has maps, externs or a .BTF.ext that mean nothing without it. (An object that needs no BTF is taken as it is.)",
        "Compile with -g and do not strip .BTF and .BTF.ext (llvm-strip -g keeps them).");

    public static readonly ProblemKind AlreadyRelocated = Add("already-relocated", 422, "The object was relocated before",
        "The object's CO-RE records are switched off: it was relocated for one kernel, and its offsets fit that kernel only. Relocating it for another would change nothing and read wrong memory there.",
        "Send the original object, as the compiler or linker wrote it. Where it was uploaded to this service, GET /v1/objects/{digest or tag}/file returns it. Keep relocated objects under another name (tracer.relocated.bpf.o).");

    public static readonly ProblemKind InvalidBtf = Add("invalid-btf", 422, "The BTF is broken",
        "The BTF of the upload contradicts itself at section and offset.",
        "Take it again from /sys/kernel/btf/vmlinux or from the vmlinux of the kernel.");

    public static readonly ProblemKind UnrecognisedKernelFile = Add("unrecognised-kernel-file", 422, "Not a file that kernels come in",
        "The upload is none of the kinds of file that the archive takes BTF from.",
        "Upload raw BTF (/sys/kernel/btf/vmlinux) or a BTFHub .btf.tar.xz.");

    // The result.
    public static readonly ProblemKind RelocationFailed = Add("relocation-failed", 422, "libbpf would refuse the object on this kernel",
        "A relocation record cannot be carried out in the way libbpf demands (ambiguity, a mismatch with the instruction, an unknown kind, …). The member relocation says which.",
        "The detail is the text libbpf would log. It usually needs a change in the program's source.");

    public static readonly ProblemKind RelocationUnusable = Add("relocation-unusable", 422, "The relocated object is not good enough",
        "The object was relocated, but the outcome is one that failOn names. The whole report is in report.",
        "See the poisoned relocations in report; leave failOn out to get the object anyway.");

    public static readonly ProblemKind IncompatibleKernels = Add("incompatible-kernels", 422, "The object is not good enough on all of the kernels",
        "The object was checked against many kernels, and on one of them at least the outcome is one that failOn names, or there is none. The body has all members that the answer without failOn has.",
        "See the groups that are broken or failed; leave failOn out to get the answer with status 200, or narrow the kernels with distro, version, arch, release.");

    public static readonly ProblemKind KernelConflict = Add("kernel-conflict", 409, "The kernel is there with other BTF",
        "A kernel with this id is in the archive and its BTF differs from the uploaded one.",
        "Check which one is right; replace=true puts the uploaded one in its place.");

    // The client.
    public static readonly ProblemKind KeyRequired = Add("key-required", 401, "An API key is needed",
        "This service asks for a key on this route and the request has no X-Api-Key.",
        "Send the key in X-Api-Key.");

    public static readonly ProblemKind KeyRefused = Add("key-refused", 403, "The API key is not known",
        "The key in X-Api-Key is none of the keys of this service.",
        "Check the key; the operator sets the keys in Access:Keys.");

    public static readonly ProblemKind ScopeMissing = Add("scope-missing", 403, "The API key is not for this",
        "The key in X-Api-Key is known, and does not allow what the request asks for.",
        "The member scope says what is needed. Use another key; the operator sets what a key allows in Access:Scopes.");

    public static readonly ProblemKind CrossSiteRequest = Add("cross-site-request", 403, "A page of another site sent this",
        "A browser sent the request for a page of another origin (Origin, Sec-Fetch-Site), and the request may change something. Otherwise any page that a user opens could add, move and delete what is kept here.",
        "Use the page of the service itself, or a client that is no browser. The operator names the origins whose pages may send requests in Cors:Origins, and the proxies in front in Proxies:Known.");

    // HTTP itself.
    public static readonly ProblemKind HostNotAllowed = Add("host-not-allowed", 400, "The service has no such name",
        "The Host of the request is not a name of the service. On a loopback address it must be localhost, an IP address or a name in AllowedHosts, because pages of other domains can make their names resolve to this machine (DNS rebinding).",
        "Use http://localhost or an IP address. The operator sets further names, such as the one that a proxy passes on, in AllowedHosts (relo.example.com;*.internal).");

    public static readonly ProblemKind BadRequest = Add("bad-request", 400, "The request is malformed",
        "The request is not well-formed HTTP, or a parameter cannot be read.", "The detail says what was found.");

    public static readonly ProblemKind NotFound = Add("not-found", 404, "No such address",
        "No route of the service has this path.", "All routes are listed at /swagger and in /openapi/v1.json.");

    public static readonly ProblemKind MethodNotAllowed = Add("method-not-allowed", 405, "The method is not for this address",
        "The path exists, but not for this method.", "The Allow field of the answer lists the methods.");

    public static readonly ProblemKind NotAcceptable = Add("not-acceptable", 406, "No answer of that kind",
        "The route has no answer in any of the media types of Accept.", "The member offers lists the media types there are.");

    public static readonly ProblemKind RequestTimeout = Add("request-timeout", 408, "The body came too slowly",
        "The body did not arrive at the least rate the server waits for.", "Send it again over a better line.");

    public static readonly ProblemKind BodyTooLarge = Add("body-too-large", 413, "The body is too large",
        "The body, what it unpacks to, or the memory that work on the object needs is above the limit of this service.", "The detail says the limit and the setting that raises it.");

    public static readonly ProblemKind ReportTooLarge = Add("report-too-large", 413, "The report is too large to send whole",
        "The answer has more relocations, warnings or groups of kernels than this service sends at once.",
        "Ask for parts of it: fields=summary,fieldChanges leaves out the members that it does not name, relocationsLimit=1000 gives the relocations page by page (follow the Link with rel=next). Where many kernels are compared, narrow them with distro, version, arch and release. The detail says the limit and the setting that raises it.");

    public static readonly ProblemKind UnsupportedMediaType = Add("unsupported-media-type", 415, "The body is of a kind the route does not take",
        "Content-Type or Content-Encoding is none that the route takes.", "The Accept or Accept-Encoding field of the answer lists what it takes.");

    public static readonly ProblemKind RangeNotSatisfiable = Add("range-not-satisfiable", 416, "The range lies outside",
        "None of the bytes of Range exist.", "The Content-Range field of the answer says the size.");

    public static readonly ProblemKind StorageUnavailable = Add("storage-unavailable", 503, "The service cannot store or read",
        "The disk, the database or the memory of the service does not do what it is asked: it is full, read-only, locked or failing. Nothing was changed, and what was acknowledged before is kept.",
        "Repeat the request after the seconds that Retry-After says. The operator finds the reason at /healthz/ready and in its log; once it is put right, the service works on by itself.");

    public static readonly ProblemKind BlobDamaged = Add("blob-damaged", 503, "What was stored is damaged",
        "The BTF of this kernel, or this object, is not what it was when it was stored, or is missing. The damaged file is in quarantine, and the upstream archive did not have the same bytes. Others are not concerned.",
        "Add the kernel again with POST /v1/kernels, or the object with POST /v1/objects: the same bytes get the same address. GET /v1/kernels says which kernels are damaged.");

    public static readonly ProblemKind UpstreamUnavailable = Add("upstream-unavailable", 503, "The upstream archive could not be asked",
        "The kernel is not in this archive, and the upstream archive, which may have it, cannot be reached, is in trouble or sends something else. Whether it has the kernel is not known.",
        "Repeat the request after the seconds that Retry-After says. The operator finds the reason in its log, and turns the upstream archive off with an empty Archive:Upstream:BaseUrl.");

    public static readonly ProblemKind TooManyRequests = Add("too-many-requests", 429, "Too many requests",
        "The caller has asked more often than it may, or more relocations are waiting than the service takes on.",
        "Repeat the request after the seconds that Retry-After says.");

    public static readonly ProblemKind TimeExceeded = Add("time-exceeded", 504, "The answer took too long",
        "The service did not get to an answer within its time limit, and stopped working on it.",
        "Try again when there is less to do, or ask for less at once: the detail says the limit and the setting that raises it.");

    public static readonly ProblemKind InternalError = Add("internal-error", 500, "A defect of the service",
        "The service failed in a way it should not.", "Report it with the traceId; the log of the service has the rest.");

    /// <summary>All of them, in the order above.</summary>
    public static IReadOnlyCollection<ProblemKind> All => ByCode.Values;

    /// <summary>The kind with this code, if there is one.</summary>
    public static ProblemKind? Find(string code) => ByCode.GetValueOrDefault(code);

    private static ProblemKind Add(string code, int status, string title, string meaning, string remedy)
        => ByCode[code] = new ProblemKind(code, status, title, meaning, remedy);
}
