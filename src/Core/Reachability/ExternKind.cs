namespace Relo.Core.Reachability;

internal enum ExternKind
{
    /// <summary>A <c>__kconfig</c> variable.</summary>
    Config,

    /// <summary>A kernel function, by kernel BTF.</summary>
    Function,

    /// <summary>A kernel variable with a type, by kernel BTF.</summary>
    Variable,

    /// <summary>A kernel symbol without a type, by /proc/kallsyms.</summary>
    UntypedSymbol,
}
