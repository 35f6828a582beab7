namespace Relo.Core.Reachability;

internal enum ValueKind : byte
{
    Unknown,
    Other,
    Scalar,
    NotZero,
    Constant,
    Range,
    Frame,
    Data,
    Extern,
    Function,
    Context,
    Zeros,
    Small,
}
