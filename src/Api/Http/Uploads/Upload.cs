namespace Relo.Api.Http.Uploads;

/// <summary>What a route takes as its body.</summary>
internal enum Upload
{
    /// <summary>A BPF object, as the body or in a form.</summary>
    Object,

    /// <summary>A BPF object, unless the parameter <c>object</c> names a stored one.</summary>
    ObjectOrRef,

    /// <summary>
    /// A form with a log in the field <c>log</c> and a BPF object, unless the parameter <c>object</c> names a stored one.
    /// </summary>
    ObjectAndLog,

    /// <summary>A file that holds the BTF of a kernel, as the body or in a form.</summary>
    KernelFile,

    /// <summary>A BPF object in the form field <c>bpf</c>, as btfhub-online takes it.</summary>
    BpfField,
}
