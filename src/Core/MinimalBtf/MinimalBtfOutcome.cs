namespace Relo.Core.MinimalBtf;

/// <summary>The result of making minimal BTF.</summary>
public abstract record MinimalBtfOutcome
{
    private protected MinimalBtfOutcome() { }
}
