using Relo.Core.Objects;

namespace Relo.Core.Checks;

/// <summary>Whether the registers that an object reads are those of the kernel's architecture.</summary>
internal static class ArchitectureCheck
{
    /// <summary>One check for an object that reads registers; none for others, which run on any architecture.</summary>
    public static IEnumerable<Check> Of(BpfObject bpf, Relocated relocated)
    {
        if (ArchitectureMismatch.Find(bpf, relocated) is not { } mismatch) yield break;
        yield return new(NeedKind.Architecture, mismatch.Object, CheckStatus.Absent, mismatch.Message, null, [], Optional: false);
    }
}
