using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>Why an access has no resolution: libbpf gives the whole object up.</summary>
/// <param name="Number">A negative errno.</param>
/// <param name="Message">libbpf's text, if it has one.</param>
internal readonly record struct ResolutionError(int Number, string? Message = null)
{
    /// <summary>libbpf has no budget, and would go on.</summary>
    public static ResolutionError OutOfBudget { get; } =
        new(Errno.Budget, "too much work: the types are nested or repeated beyond any real kernel's");
}
