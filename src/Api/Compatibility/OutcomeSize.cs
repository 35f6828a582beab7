using Relo.Api.Relocations;
using Relo.Core.Checks;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>Estimates the memory of an outcome.</summary>
internal static class OutcomeSize
{
    private const int Overhead = 128; // of the record and its lists

    /// <summary>The size of an outcome.</summary>
    public static long Of(KernelOutcome outcome) => Overhead + outcome switch
    {
        Relocatable relocatable => relocatable.Missing.Sum(Of) + relocatable.FieldChanges.Sum(ResultSize.Of)
            + relocatable.Checks.Sum(Of),
        Unrelocatable failed => ResultSize.Of(failed.Failure),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };

    private static long Of(Check check) =>
        Overhead + ResultSize.Of(check.Name) + ResultSize.Of(check.Evidence) + check.Programs.Sum(ResultSize.Of);

    // The text of the source line is shared.
    private static long Of(MissingAccess missing) => Overhead + ResultSize.Of(missing.Local);
}
