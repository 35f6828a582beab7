using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Relo.Archive.Upstream;

/// <summary>Recognises public addresses. A source must not redirect us into our own network.</summary>
internal static class PublicAddress
{
    // IANA's special-purpose registry: address, bits of the prefix.
    private static readonly (uint Address, int Bits)[] Special =
    [
        (0x00000000, 8), (0x0a000000, 8), (0x64400000, 10), (0x7f000000, 8), (0xa9fe0000, 16), (0xac100000, 12), (0xc0000000, 24),
        (0xc0000200, 24), (0xc0a80000, 16), (0xc6120000, 15), (0xc6336400, 24), (0xcb007100, 24), (0xe0000000, 3),
    ];

    /// <summary>Whether the address is a public one.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork) return Is(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        // Only 2000::/3 is global unicast; 6to4 and NAT64 contain an IPv4 address.
        if (bytes is [0x20, 0x02, ..]) return Is(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(2)));
        if (bytes is [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..])
            return Is(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(12)));
        return (bytes[0] & 0xe0) == 0x20 && bytes is not ([0x20, 0x01, 0x0d, 0xb8, ..] or [0x20, 0x01, 0x00, 0x00, ..]);
    }

    private static bool Is(uint address) => !Array.Exists(Special, s => (address ^ s.Address) >> (32 - s.Bits) == 0);
}
