namespace Relo.Core;

/// <summary>The result of relocating an object.</summary>
public abstract record RelocationOutcome
{
    private protected RelocationOutcome() { }
}
