using Relo.Archive.Kernels;

namespace Relo.Archive.Import;

/// <summary>The result for one imported file or kernel.</summary>
/// <param name="Outcome"><see cref="Added"/>, <see cref="Present"/> or <see cref="NotAccepted"/>.</param>
/// <param name="Fault">Why it is not accepted.</param>
/// <param name="Notes">What was left out of it.</param>
internal readonly record struct ImportedFile(string Outcome, RejectedFile? Fault, IReadOnlyList<string> Notes)
{
    public const string Added = "added", Present = "present", NotAccepted = "rejected";

    /// <summary>A rejected file.</summary>
    public static ImportedFile Rejected(string path, string code, string reason) => new(NotAccepted, new(path, code, reason), []);

    /// <summary>The result of adding it.</summary>
    /// <param name="outcome">What the archive answered.</param>
    /// <param name="path">Where it was found.</param>
    /// <param name="isNamedByPath">Whether the path names the kernel.</param>
    public static ImportedFile Of(AddOutcome outcome, string path, bool isNamedByPath) => outcome switch
    {
        Kernels.Added taken => new(Added, null, taken.Notes),
        AlreadyThere same => new(Present, null, same.Notes),
        Kernels.Rejected { Code: Kernels.Rejected.InvalidKernel } unnamed when !isNamedByPath => Rejected(
            path,
            unnamed.Code,
            $"{unnamed.Detail}; the path does not name the kernel: put the file at <distro>/<version>/<arch>/<release>.btf[.tar.xz], "
                + "or POST it with its description to /v1/kernels"),
        Kernels.Rejected rejected => Rejected(path, rejected.Code, rejected.Detail),
        Conflict conflict => Rejected(
            path,
            "kernel-conflict",
            $"{conflict.Existing.Id} is in the archive with different "
                + (conflict.Module is null ? $"BTF, {conflict.Existing.Btf}" : $"BTF of its module {conflict.Module}")
                + "; delete that kernel first"),
        _ => throw new InvalidOperationException($"unknown outcome {outcome.GetType().Name}"),
    };
}
