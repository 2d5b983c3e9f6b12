"""Vietnamese cues, with their marks; what is written without them is found by the plain forms."""

from __future__ import annotations

from router.classification.cues import Cues

HARMLESS = Cues.of(
    "(tôi|toi|em|cháu|mình) (muốn|muon|xin|cần|can) (hỏi|hoi|biết|biet)",
    "cho (tôi|em|mình|cháu) (hỏi|biết)",
    "cho (toi|em) (hoi|biet)",
    "nếu (tôi|em|mình)",
    "(thì|làm) được (xin|nhận)",
)

OWN = Cues.of(
    "(tôi|toi|em|cháu|mình|chúng tôi|chung toi|tui|má|mẹ|ba tôi|bố|chồng|vợ|con tôi|con em)",
    "(của tôi|cua toi|của em|hồ sơ của)",
    "(gọi|giúp|trả lời) (tôi|em|cháu|mình|lại)",
)

IMPLIED = Cues.of(
    "(bị|bi) (ngưng|ngung|cắt|cat|từ|tu|khóa|khoa|trừ|tru|mất|phạt|đuổi)",
    "(vẫn|van) (chưa|chua|không|khong)",
    "(chưa|chua) (nhận|nhan|thấy|thay|có|co)",
    "(tự nhiên|tuần này|tuan nay|hôm qua|hom qua)",
    "(tại sao|tai sao|sao lại|vì sao)",
    "(trang mạng|thư|giấy) (ghi|nói|báo)",
    "(trả tiền|tra tien|thẻ ngân hàng|thẻ chưa|the chua|giấy này|thư này|hồ sơ|tài khoản|từ chối)",
    "(có tiền|co tien|được duyệt|duoc duyet|có quyết định|chừng nào|bao giờ có|kết quả)",
    "(phiên xử|phiên điều trần) (của|ngày)",
)

GENERAL = Cues.of(
    "(ở đâu|o dau|chỗ nào|cho nao)",
    "(mấy giờ|may gio|khi nào|khi nao|ngày nào|ngay nao|bao lâu|bao lau|bao nhiêu|bao nhieu)",
    "(làm sao|lam sao|thế nào|the nao|như thế nào|cách nào)",
    "(điều kiện|dieu kien|giấy tờ|giay to|cần những gì|can nhung gi|hạn chót|han chot|địa chỉ|dia chi)",
    "(có|co) ... (không|khong)",
    "(người|nguoi) (nào|thất nghiệp|lao động|that nghiep)",
    "(thì được|được không|duoc khong|phải không)",
)

URGENT = Cues.of(
    "(tự tử|tu tu|không muốn sống|khong muon song|tự sát)",
    "(lệnh bảo vệ|lệnh cấm|đe dọa|đánh tôi|theo dõi tôi)",
    "(hôm nay|ngày mai|mai|hom nay|ngay mai) ... (đuổi ra|bị đuổi khỏi|ra đường|ra duong)",
    "(hết|het|không có|khong co) (thức ăn|insulin|sữa|thuc an|sua)",
    "(phiên xử|điều trần) ... (hôm nay|ngày mai|trong một giờ)",
)
