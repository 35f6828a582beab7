namespace Relo.Core.Checks;

/// <summary>Whether the registers that an object reads are those of the kernel's architecture.</summary>
internal static class ArchitectureCheck
{
    /// <summary>The check of an object whose registers are those of another architecture; other objects need no particular one.</summary>
    public static Check Of(ArchitectureMismatch mismatch) =>
        new(NeedKind.Architecture, mismatch.Object, CheckStatus.Absent, mismatch.Message, null, [], Optional: false);
}
