namespace Relo.Core.MinimalBtf;

/// <summary>The result of computing minimal BTF.</summary>
public abstract record MinimalBtfOutcome
{
    private protected MinimalBtfOutcome() { }
}
