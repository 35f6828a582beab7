using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>The reason why an access has no resolution: libbpf refuses the whole object.</summary>
/// <param name="Number">A negative errno.</param>
/// <param name="Message">libbpf's message, if it has one.</param>
internal readonly record struct ResolutionError(int Number, string? Message = null)
{
    /// <summary>The beginning of the message that gives the id of a type of the kernel.</summary>
    public const string OfCandidate = "error matching candidate";

    /// <summary>The budget is exhausted. libbpf has none and would continue.</summary>
    public static ResolutionError OutOfBudget { get; } =
        new(Errno.Budget, "too much work: the types are nested or repeated more than in any real kernel");
}
